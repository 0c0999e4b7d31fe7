--[[
  Sends a command unless its answer is known or it is on its way already: the same id is the same piece of work.

  KEYS    reply list, marker "was sent", command stream
  ARGV    milliseconds that the marker lives, then the entry's fields and values
  Result  the reply's { 'final', JSON } when there is one, else { }
  A reply of kind 'again' (an error that may be tried again) does not count as an answer to a new request.
  Publishes nothing beside the entry.
]]
local kind = redis.call('LINDEX', KEYS[1], 0)
if kind == 'final' then return redis.call('LRANGE', KEYS[1], 0, 1) end
if not kind and redis.call('EXISTS', KEYS[2]) == 1 then return {} end
redis.call('XADD', KEYS[3], '*', unpack(ARGV, 2))
redis.call('SET', KEYS[2], '1', 'PX', ARGV[1])
if kind then redis.call('DEL', KEYS[1]) end
return {}
