-- ARGV: id of a batch, ids of the songs it stored. Counts once, whoever is done with it, and how often.
local id = ARGV[1]
redis.call('ZREM', 'timbre:leases', id)
redis.call('ZREM', 'timbre:batches', id)
if redis.call('HEXISTS', key_of(id) .. ':batches', number_of(id)) == 0 then return 0 end
for place = 2, #ARGV do redis.call('SADD', key_of(id) .. ':songs', ARGV[place]) end
redis.call('HDEL', key_of(id) .. ':batches', number_of(id))
redis.call('HDEL', 'timbre:strikes', id)
redis.call('HINCRBY', key_of(id), 'done', 1)
if redis.call('HDEL', 'timbre:dead', id) == 1 then
    redis.call('HINCRBY', key_of(id), 'dead', -1)
else
    one_less(id)
end
return 1
