-- ARGV: what was asked about, who asked.
local asking = 'timbre:asking:' .. ARGV[1]
if redis.call('GET', asking) == ARGV[2] then redis.call('DEL', asking) end
return 1
