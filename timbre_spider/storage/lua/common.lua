-- Stands before each script of `redis_cache.py`.

local CACHE, UNTIL, BYTES, CHANGING = 'timbre:cache', 'timbre:cache:until', 'timbre:cache:bytes', 'timbre:changing:'
-- What a thing takes beside its name, which stands twice, and its bytes.
local OVERHEAD = 250

local function now()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function drop(name)
    local weight = 2 * #name + redis.call('HSTRLEN', CACHE, name) + OVERHEAD
    redis.call('ZREM', UNTIL, name)
    if redis.call('HDEL', CACHE, name) == 1 then redis.call('DECRBY', BYTES, weight) end
end
