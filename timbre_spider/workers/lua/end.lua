-- ARGV: id of the job, the batches it had, the songs it stored. One with dead batches stays until they are retried.
local id, job = ARGV[1], key_of(ARGV[1])
redis.call('ZREM', 'timbre:leases', id)
if redis.call('HGET', job, 'state') ~= 'open' or redis.call('HGET', job, 'batches') ~= ARGV[2]
    or tonumber(redis.call('HGET', job, 'left')) > 0 then return 0 end
redis.call('SREM', 'timbre:open', id)
redis.call('HDEL', 'timbre:strikes', id)
redis.call('HSET', job, 'songs', ARGV[3])
if tonumber(redis.call('HGET', job, 'dead') or 0) > 0 then
    redis.call('HSET', job, 'state', 'dead')
    return 1
end
redis.call('HSET', job, 'state', 'done')
redis.call('DEL', job .. ':batches', job .. ':beyond', job .. ':songs')
redis.call('EXPIRE', job, KEPT)
return 1
