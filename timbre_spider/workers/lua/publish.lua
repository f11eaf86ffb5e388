-- ARGV: id of a job whose chart was read, 0, how many batches it has, these, the songs beyond.
if not hand_out('waiting') then return 0 end
local id, count = ARGV[1], tonumber(ARGV[3])
for place = 4 + count, #ARGV do redis.call('RPUSH', key_of(id) .. ':beyond', ARGV[place]) end
if count == 0 then redis.call('RPUSH', 'timbre:jobs', id) end
return 1
