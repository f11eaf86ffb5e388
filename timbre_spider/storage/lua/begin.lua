-- ARGV: what is asked about, who asks, for how long (ms) that is believed without a sign of life, and how long (ms) it is
-- known who looked up the last answer. Answers 0 where somebody else asks now, 2, once, where an answer of others was not
-- looked up yet, else 1: who asks may, and its answer is what others look up next.
local asking, asked, who = 'timbre:asking:' .. ARGV[1], 'timbre:asked:' .. ARGV[1], ARGV[2]
local left = redis.call('PTTL', asking)
-- One without an end, or with a far one, is none of ours.
if left > 0 and left <= tonumber(ARGV[3]) and redis.call('GET', asking) ~= who then return 0 end
local is_new = redis.call('EXISTS', asked) == 1 and redis.call('SADD', asked, who) == 1
if not is_new then
  redis.call('DEL', asked)
  redis.call('SADD', asked, who)
  redis.call('SET', asking, who, 'PX', ARGV[3])
end
redis.call('PEXPIRE', asked, ARGV[4])
return is_new and 2 or 1
