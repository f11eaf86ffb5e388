-- ARGV: id of a job, the batches it had, how many come now, these, how many songs from beyond are in them.
if not hand_out('open') then return 0 end
redis.call('LTRIM', key_of(ARGV[1]) .. ':beyond', tonumber(ARGV[4 + tonumber(ARGV[3])]), -1)
return 1
