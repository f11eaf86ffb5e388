-- ARGV: names. Answers what is kept under each, or nothing where its time is over.
local at, given = now(), {}
for place, name in ipairs(ARGV) do
    given[place] = tonumber(redis.call('ZSCORE', UNTIL, name) or 0) > at and redis.call('HGET', CACHE, name)
end
return given
