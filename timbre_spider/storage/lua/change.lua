-- ARGV: for how long (ms) nothing is kept under these names, names.
for place = 2, #ARGV do
    drop(ARGV[place])
    redis.call('SET', CHANGING .. ARGV[place], '', 'PX', ARGV[1])
end
return 1
