-- Stands before each script, after the numbers that `scripts.py` names.

local function now()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function key_of(id) return 'timbre:job:' .. string.match(id, '^[^:]*') end
local function number_of(id) return string.match(id, ':(.*)$') end

local function first_in_line(id)
    if number_of(id) then
        redis.call('ZADD', 'timbre:batches', redis.call('GET', 'timbre:turn') or 0, id)
    else
        redis.call('RPUSH', 'timbre:jobs', id)
    end
end

-- One batch of the job is done or dead; after the last one somebody looks whether the job is complete.
local function one_less(id)
    if redis.call('HINCRBY', key_of(id), 'left', -1) == 0 then
        redis.call('RPUSH', 'timbre:jobs', string.match(id, '^[^:]*'))
    end
end

local function bury(id, reason)
    if redis.call('HSETNX', 'timbre:dead', id, reason) == 0 then return end
    redis.call('HINCRBY', key_of(id), 'dead', 1)
    if number_of(id) then
        one_less(id)
    else
        redis.call('HSET', key_of(id), 'state', 'dead')
        redis.call('SREM', 'timbre:open', id)
    end
end

local function strike(id, reason)
    if redis.call('HINCRBY', 'timbre:strikes', id, 1) >= STRIKES then bury(id, reason) else first_in_line(id) end
end

-- After a start of the server its workers have time to say that they live.
local function just_started(lease)
    return string.match(redis.call('INFO', 'server'), 'uptime_in_seconds:(%d+)') * 1000 < lease
end

-- Batches of a job whose state is `expected` and that has had ARGV[2] of them: ARGV[3] come now, from ARGV[4] on. Whether
-- they were wanted: the first to tell is heard, since a job whose reader was slow is read twice.
local function hand_out(expected)
    local id, had, count = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
    local job = key_of(id)
    redis.call('ZREM', 'timbre:leases', id)
    if redis.call('HGET', job, 'state') ~= expected or tonumber(redis.call('HGET', job, 'batches') or 0) ~= had
        or tonumber(redis.call('HGET', job, 'left') or 0) > 0 then return false end
    redis.call('HDEL', 'timbre:strikes', id)
    local turn = tonumber(redis.call('GET', 'timbre:turn') or 0)
    for place = 1, count do
        local number = had + place - 1
        redis.call('HSET', job .. ':batches', number, ARGV[3 + place])
        redis.call('ZADD', 'timbre:batches', turn + place - 1, id .. ':' .. number)
    end
    redis.call('HSET', job, 'state', 'open', 'left', count, 'batches', had + count)
    return true
end
