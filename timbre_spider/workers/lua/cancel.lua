-- ARGV: id of a job. Nothing more of it is handed out; what is in hand comes to its end.
local id, job = ARGV[1], key_of(ARGV[1])
local state = redis.call('HGET', job, 'state')
if not state or state == 'done' or state == 'cancelled' then return 0 end
local ids = {id}
for _, number in ipairs(redis.call('HKEYS', job .. ':batches')) do ids[#ids + 1] = id .. ':' .. number end
redis.call('LREM', 'timbre:jobs', 0, id)
for _, each in ipairs(ids) do
    redis.call('ZREM', 'timbre:batches', each)
    redis.call('ZREM', 'timbre:leases', each)
    redis.call('HDEL', 'timbre:strikes', each)
    redis.call('HDEL', 'timbre:dead', each)
end
redis.call('SREM', 'timbre:open', id)
redis.call('DEL', job .. ':batches', job .. ':beyond', job .. ':songs')
redis.call('HSET', job, 'state', 'cancelled', 'left', 0, 'dead', 0)
redis.call('EXPIRE', job, KEPT)
return 1
