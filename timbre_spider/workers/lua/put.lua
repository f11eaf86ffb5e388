-- ARGV: job (JSON), id, the time in seconds.
redis.call('HSET', key_of(ARGV[2]), 'job', ARGV[1], 'state', 'waiting')
redis.call('ZADD', 'timbre:all', ARGV[3], ARGV[2])
return redis.call('LPUSH', 'timbre:jobs', ARGV[2])
