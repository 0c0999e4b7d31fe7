--[[
  Adds entries to streams, in the given order.

  KEYS    the streams
  ARGV    one MessagePack list: per entry the stream's number among KEYS, number of fields and values, fields and values
  Result  a MessagePack list, per entry its id, or for one that Redis refuses '-' and why (its key holds something else)
  Fails as a whole, and adds nothing, when Redis takes no writes at all: it is full, loading or a replica.
]]
local ARGV = cmsgpack.unpack(ARGV[1])
local ids, at = {}, 1
while ARGV[at] do
  local last = at + 1 + ARGV[at + 1]
  local reply = redis.pcall('XADD', KEYS[ARGV[at]], '*', unpack(ARGV, at + 2, last))
  if type(reply) ~= 'string' then
    if #ids == 0 and string.sub(reply.err, 1, 9) ~= 'WRONGTYPE' then return reply end
    reply = '-' .. reply.err
  end
  ids[#ids + 1] = reply
  at = last + 1
end
return cmsgpack.pack(ids)
