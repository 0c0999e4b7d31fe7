--[[
  Takes a consumer's name out of a group, unless entries are pending for it: Redis would forget those for good.

  KEYS    stream
  ARGV    group, consumer
  Result  1 when it is removed, else 0
  Publishes nothing.
]]
local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2])
if pending.err or #pending > 0 then return 0 end
redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
return 1
