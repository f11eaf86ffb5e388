-- ARGV: lease (ms). Answers {id, JSON, state}, or nothing. Takes back first what nobody says to hold any more.
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
