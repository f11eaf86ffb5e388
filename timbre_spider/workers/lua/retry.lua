-- ARGV: id of a job. What of it is dead waits again; answers how much that is.
local id, job, again = ARGV[1], key_of(ARGV[1]), 0
for _, dead in ipairs(redis.call('HKEYS', 'timbre:dead')) do
    if string.match(dead, '^[^:]*') == id then
        redis.call('HDEL', 'timbre:dead', dead)
        redis.call('HDEL', 'timbre:strikes', dead)
        redis.call('HINCRBY', job, 'dead', -1)
        if number_of(dead) then
            redis.call('HINCRBY', job, 'left', 1)
            redis.call('HSET', job, 'state', 'open')
            redis.call('SADD', 'timbre:open', id)
        elseif redis.call('HEXISTS', job, 'batches') == 1 then
            redis.call('HSET', job, 'state', 'open')
        else
            redis.call('HSET', job, 'state', 'waiting')
        end
        first_in_line(dead)
        again = again + 1
    end
end
return again
