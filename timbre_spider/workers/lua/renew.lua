-- ARGV: lease (ms), ids. What is held no more is others' business.
for place = 2, #ARGV do redis.call('ZADD', 'timbre:leases', 'XX', now() + tonumber(ARGV[1]), ARGV[place]) end
return 1
