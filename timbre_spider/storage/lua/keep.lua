-- ARGV: the most bytes, then a name, what is kept under it, and for how long (ms), as often as there are things. What is
-- changing just now is not kept, for it may be what was before. Over the bound the first goes whose time is over first.
local at, most = now(), tonumber(ARGV[1])
-- The server may have thrown away one of the three for want of memory.
if redis.call('EXISTS', CACHE, UNTIL, BYTES) < 3 then redis.call('DEL', CACHE, UNTIL, BYTES) end
local over = redis.call('ZRANGEBYSCORE', UNTIL, '-inf', at, 'LIMIT', 0, 1000)
for _, name in ipairs(over) do drop(name) end
for place = 2, #ARGV, 3 do
    local name, thing, lasts = ARGV[place], ARGV[place + 1], ARGV[place + 2]
    if redis.call('EXISTS', CHANGING .. name) == 0 then
        drop(name)
        redis.call('HSET', CACHE, name, thing)
        redis.call('ZADD', UNTIL, at + lasts, name)
        redis.call('INCRBY', BYTES, 2 * #name + #thing + OVERHEAD)
    end
end
while tonumber(redis.call('GET', BYTES) or 0) > most do
    local first = redis.call('ZRANGE', UNTIL, 0, 0)
    if not first[1] then break end
    drop(first[1])
end
-- Nobody may ever come again.
local last = redis.call('ZRANGE', UNTIL, -1, -1, 'WITHSCORES')[2]
if last then for _, key in ipairs({CACHE, UNTIL, BYTES}) do redis.call('PEXPIREAT', key, string.format('%.0f', last)) end end
return 1
