-- ARGV: what is asked about, who asks, for how long (ms) that is believed without a sign of life, and how long (ms) it is
-- known who asked last. Answers 0 where somebody else asks now, 2 where somebody else asked last, else 1: who asks may.
local asking, asked, who = 'timbre:asking:' .. ARGV[1], 'timbre:asked:' .. ARGV[1], ARGV[2]
local left, last = redis.call('PTTL', asking), redis.call('GET', asked)
-- One without an end, or with a far one, is none of ours.
if left > 0 and left <= tonumber(ARGV[3]) and redis.call('GET', asking) ~= who then return 0 end
redis.call('SET', asked, who, 'PX', ARGV[4])
if last and last ~= who then return 2 end
redis.call('SET', asking, who, 'PX', ARGV[3])
return 1
