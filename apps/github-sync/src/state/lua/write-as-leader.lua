-- Writes together what was decided from a work item, or nothing: when another process leads by now, or the work item is no
-- longer what the decision was made from.
-- KEYS[1] the leader's lease   KEYS[2] the hash that the decision was made from   KEYS[3..] keys that are written
-- ARGV    one MessagePack list: token of the leader, number of expectations, then per expectation: field, value ('' stands for
--         a field that does not exist); number of writes, then per write: operation, index of its key, number of arguments, the
--         arguments. Operations: HSET HSETNX HDEL SADD SET ZADD XADD PEXPIRE DEL, and DUE: a ZADD of a member with this server's time
-- Result  in MessagePack: 1 when written, 0 when the hash has changed, -1 when another one leads. Publishes by XADD.
local ARGV = cmsgpack.unpack(ARGV[1])
if redis.call('HGET', KEYS[1], 'token') ~= tostring(ARGV[1]) then return cmsgpack.pack(-1) end
local at = 3
for _ = 1, ARGV[2] do
  if (redis.call('HGET', KEYS[2], ARGV[at]) or '') ~= ARGV[at + 1] then return cmsgpack.pack(0) end
  at = at + 2
end
local count = ARGV[at]
at = at + 1
for _ = 1, count do
  local last = at + 2 + ARGV[at + 2]
  if ARGV[at] == 'DUE' then
    local time = redis.call('TIME')
    redis.call('ZADD', KEYS[ARGV[at + 1]], string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), ARGV[at + 3])
  else
    redis.call(ARGV[at], KEYS[ARGV[at + 1]], unpack(ARGV, at + 3, last))
  end
  at = last + 1
end
return cmsgpack.pack(1)
