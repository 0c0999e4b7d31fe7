--[[
  Adds an entry to a stream unless one was added under the same marker before.

  KEYS    marker, stream
  ARGV    milliseconds that the marker lives, then the entry's fields and values
  Result  { id of the entry that was added under the marker, 1 when it was now or 0 when before }
  The entry and its marker come into being together, or neither does.
]]
local known = redis.call('GET', KEYS[1])
if known then return { known, 0 } end
local id = redis.call('XADD', KEYS[2], '*', unpack(ARGV, 2))
redis.call('SET', KEYS[1], id, 'PX', ARGV[1])
return { id, 1 }
