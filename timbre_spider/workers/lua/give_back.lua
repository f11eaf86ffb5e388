-- ARGV: id, a reason (it counts as a failure) or nothing. What is held no more is others' business.
if redis.call('ZREM', 'timbre:leases', ARGV[1]) == 0 then return 0 end
if ARGV[2] == '' then first_in_line(ARGV[1]) else strike(ARGV[1], ARGV[2]) end
return 1
