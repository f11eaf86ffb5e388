"""What Redis does in one step, in its own language (Redis 6.2 and newer, one server, no cluster).

    timbre:jobs               list    jobs whose chart is to be read, or that may be complete; taken from the right
    timbre:batches            zset    batches that wait, by their turn; the lowest is next
    timbre:turn               string  the turn of the batch taken last: where a job that comes in begins
    timbre:leases             zset    what is in hand, by the moment (ms) at which it is taken back
    timbre:strikes            hash    how often each was lost or failed
    timbre:dead               hash    what failed too often, and why
    timbre:open               set     jobs whose chart is read or being read, and that are not complete
    timbre:job:ID             hash    job (JSON); state (waiting, open, done, dead, cancelled), batches in all,
                                      and those left, done, dead; songs stored, once it ended
    timbre:job:ID:batches     hash    its batches that are not done, by number (JSON)
    timbre:job:ID:beyond      list    the chart's songs that were not handed out (JSON)
    timbre:job:ID:songs       set     ids of the songs stored
    timbre:all                zset    every job, by the time (s) it was put

A job's id names it in the lists; a batch's is the job's, a colon and its number.
"""

STRIKES = 3
# Jobs open at one time: so many listeners share the workers; the others wait with nothing but their names in Redis.
MOST_OPEN = 16
# How long what became of a job is told after its end.
KEPT_SECONDS = 7 * 24 * 3600

_COMMON = (
    f"""
local STRIKES, MOST_OPEN, KEPT = {STRIKES}, {MOST_OPEN}, {KEPT_SECONDS}
"""
    + """
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
"""
)

# ARGV: job (JSON), id, the time in seconds.
PUT = (
    _COMMON
    + """
redis.call('HSET', key_of(ARGV[2]), 'job', ARGV[1], 'state', 'waiting')
redis.call('ZADD', 'timbre:all', ARGV[3], ARGV[2])
return redis.call('LPUSH', 'timbre:jobs', ARGV[2])
"""
)

# ARGV: lease (ms). Answers {id, JSON, state}, or nothing. Takes back first what nobody says to hold any more.
TAKE = (
    _COMMON
    + """
local lease = tonumber(ARGV[1])
local lost = redis.call('ZRANGEBYSCORE', 'timbre:leases', '-inf', now(), 'LIMIT', 0, 100)
if lost[1] and not just_started(lease) then
    for _, id in ipairs(lost) do
        redis.call('ZREM', 'timbre:leases', id)
        strike(id, 'every worker that had it in hand went away')
    end
end
local function next_id()
    if redis.call('SCARD', 'timbre:open') < MOST_OPEN then
        local id = redis.call('RPOP', 'timbre:jobs')
        if id then return id end
    else
        -- What may be complete makes room.
        local id = redis.call('LINDEX', 'timbre:jobs', -1)
        if id and redis.call('SISMEMBER', 'timbre:open', id) == 1 then return redis.call('RPOP', 'timbre:jobs') end
    end
    local first = redis.call('ZPOPMIN', 'timbre:batches')
    if first[1] then
        redis.call('SET', 'timbre:turn', first[2])
        return first[1]
    end
    return redis.call('RPOP', 'timbre:jobs')
end
while true do
    local id = next_id()
    if not id then return false end
    local number, job = number_of(id), key_of(id)
    local text
    if number then text = redis.call('HGET', job .. ':batches', number) else text = redis.call('HGET', job, 'job') end
    local state = redis.call('HGET', job, 'state')
    -- What was cancelled or done meanwhile is no work.
    if text and (number or state == 'waiting' or state == 'open') then
        if not number then redis.call('SADD', 'timbre:open', id) end
        redis.call('ZADD', 'timbre:leases', now() + lease, id)
        return {id, text, state}
    end
end
"""
)

# ARGV: lease (ms), ids. What is held no more is others' business.
RENEW = (
    _COMMON
    + """
for place = 2, #ARGV do redis.call('ZADD', 'timbre:leases', 'XX', now() + tonumber(ARGV[1]), ARGV[place]) end
return 1
"""
)

# ARGV: id of a batch, ids of the songs it stored. Counts once, whoever is done with it, and how often.
DONE = (
    _COMMON
    + """
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
"""
)

# ARGV: id, a reason (it counts as a failure) or nothing. What is held no more is others' business.
GIVE_BACK = (
    _COMMON
    + """
if redis.call('ZREM', 'timbre:leases', ARGV[1]) == 0 then return 0 end
if ARGV[2] == '' then first_in_line(ARGV[1]) else strike(ARGV[1], ARGV[2]) end
return 1
"""
)

# ARGV: id, the reason.
BURY = (
    _COMMON
    + """
redis.call('ZREM', 'timbre:leases', ARGV[1])
bury(ARGV[1], ARGV[2])
return 1
"""
)

# ARGV: id of the job, the batches it had before, how many come now, these, the songs beyond or how many of them were
# taken. The first to tell is heard: a job whose reader was slow is read twice.
_HAND_OUT = """
local id, had, count = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local job = key_of(id)
redis.call('ZREM', 'timbre:leases', id)
if redis.call('HGET', job, 'state') ~= STATE or tonumber(redis.call('HGET', job, 'batches') or 0) ~= had
    or tonumber(redis.call('HGET', job, 'left') or 0) > 0 then return 0 end
redis.call('HDEL', 'timbre:strikes', id)
local turn = tonumber(redis.call('GET', 'timbre:turn') or 0)
for place = 1, count do
    local number = had + place - 1
    redis.call('HSET', job .. ':batches', number, ARGV[3 + place])
    redis.call('ZADD', 'timbre:batches', turn + place - 1, id .. ':' .. number)
end
redis.call('HSET', job, 'state', 'open', 'left', count, 'batches', had + count)
"""
PUBLISH = (
    _COMMON
    + _HAND_OUT.replace("STATE", "'waiting'")
    + """
for place = 4 + count, #ARGV do redis.call('RPUSH', job .. ':beyond', ARGV[place]) end
if count == 0 then redis.call('RPUSH', 'timbre:jobs', id) end
return 1
"""
)
MORE = (
    _COMMON
    + _HAND_OUT.replace("STATE", "'open'")
    + """
redis.call('LTRIM', job .. ':beyond', tonumber(ARGV[4 + count]), -1)
return 1
"""
)

# ARGV: id of the job, the batches it had, the songs it stored. One with dead batches stays until they are retried.
END = (
    _COMMON
    + """
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
"""
)

# ARGV: id of a job. What of it is dead waits again; answers how much that is.
RETRY = (
    _COMMON
    + """
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
"""
)

# ARGV: id of a job. Nothing more of it is handed out; what is in hand comes to its end.
CANCEL = (
    _COMMON
    + """
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
"""
)
