-- Journals a step's result, once, together with what it cost, and gives its lease back.
-- KEYS[1] cascade:<id>:journal   KEYS[2] cascade:<id>:leases (hash: step -> "fence until tokens usd")   KEYS[3] cascade:<id>
-- KEYS[4] cascade:<id>:steps (hash: step -> "service event" that recorded it, "#event" -> 1)
-- ARGV[1] step   ARGV[2] fence   ARGV[3] result   ARGV[4] calls (0 or 1)   ARGV[5] prompt tokens   ARGV[6] completion tokens
-- ARGV[7] usd   ARGV[8] service   ARGV[9] event
-- Returns the result that is journalled: the given one, or the one that another worker recorded first; nil when another
-- worker holds the lease now. Publishes nothing.
local lease = redis.call('HGET', KEYS[2], ARGV[1])
local isMine = lease and string.match(lease, '^%S+') == ARGV[2]
local known = redis.call('HGET', KEYS[1], ARGV[1])
if not known and lease and not isMine then return false end
if isMine then redis.call('HDEL', KEYS[2], ARGV[1]) end
if known then return known end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('HSET', KEYS[4], ARGV[1], ARGV[8] .. ' ' .. ARGV[9], '#' .. ARGV[9], 1)
local expiry = redis.call('PEXPIRETIME', KEYS[3]) -- the clean-up may have been: journal and steps go with the record
if expiry > 0 then
  redis.call('PEXPIREAT', KEYS[1], expiry)
  redis.call('PEXPIREAT', KEYS[4], expiry)
end
if ARGV[4] ~= '0' then
  redis.call('HINCRBY', KEYS[3], 'usage_calls', ARGV[4])
  redis.call('HINCRBY', KEYS[3], 'usage_prompt_tokens', ARGV[5])
  redis.call('HINCRBY', KEYS[3], 'usage_completion_tokens', ARGV[6])
  redis.call('HINCRBYFLOAT', KEYS[3], 'usage_usd', ARGV[7])
end
return ARGV[3]
