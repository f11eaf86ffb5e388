-- ARGV: id, the reason.
redis.call('ZREM', 'timbre:leases', ARGV[1])
bury(ARGV[1], ARGV[2])
return 1
