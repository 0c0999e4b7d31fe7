-- One write to a key of a cascade. A worker that was slow may come with it after the clean-up: then the key expires with
-- the cascade's record, because nobody would clean up again.
-- KEYS[1] the key   KEYS[2] cascade:<id>
-- ARGV[1] command   ARGV[2..] its arguments after the key
-- Returns what the command returns. Publishes nothing.
local result = redis.call(ARGV[1], KEYS[1], unpack(ARGV, 2))
local expiry = redis.call('PEXPIRETIME', KEYS[2])
if expiry > 0 then redis.call('PEXPIREAT', KEYS[1], expiry) end
return result
