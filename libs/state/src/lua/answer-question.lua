-- Records a person's answer and lets the events that waited for it go on; with the last open question answered, the
-- cascade runs again and its paused deadline with it.
-- KEYS[1] cascade:<id>   KEYS[2] cascade:<id>:answers (hash: name -> answer)
-- KEYS[3] cascade:<id>:parked (hash: name, line break, event id -> entry)   KEYS[4] deadlines
-- KEYS[5..] for each entry that waits: retries:<service> of the service that asked
-- ARGV    one MessagePack list: id, name, answer, what remains of the paused deadline as it was read ('' when it is not
--         paused), the deadline from now on in Unix ms, the same as ISO time, number of entries that wait under the name,
--         then per entry: its field in KEYS[3], its value there as it was read, number of arguments, field, value, …
-- Result  in MessagePack: 1 when answered, 0 when something has changed since it was read, the cascade's end included.
-- Publishes the entries that waited on KEYS[5..].
local ARGV = cmsgpack.unpack(ARGV[1])
local id, name, answer, left, count = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[7]
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'running' and state ~= 'waiting' then return cmsgpack.pack(0) end
if (redis.call('HGET', KEYS[1], 'deadline_left_ms') or '') ~= left then return cmsgpack.pack(0) end

-- As many as were read, and those: another event may have asked under the same name meanwhile.
local prefix, waiting, at = name .. '\n', 0, 8
for _, field in ipairs(redis.call('HKEYS', KEYS[3])) do
  if string.sub(field, 1, #prefix) == prefix then waiting = waiting + 1 end
end
if waiting ~= count then return cmsgpack.pack(0) end
for _ = 1, count do
  if redis.call('HGET', KEYS[3], ARGV[at]) ~= ARGV[at + 1] then return cmsgpack.pack(0) end
  at = at + 3 + ARGV[at + 2]
end

at = 8
for index = 1, count do
  local last = at + 2 + ARGV[at + 2]
  redis.call('HDEL', KEYS[3], ARGV[at])
  redis.call('XADD', KEYS[4 + index], '*', unpack(ARGV, at + 3, last))
  at = last + 1
end
redis.call('HSET', KEYS[2], name, answer)
redis.call('HDEL', KEYS[1], 'question:' .. name)
if redis.call('HLEN', KEYS[3]) == 0 then
  redis.call('HSET', KEYS[1], 'state', 'running')
  if left ~= '' then
    redis.call('HDEL', KEYS[1], 'deadline_left_ms')
    redis.call('HSET', KEYS[1], 'deadline', ARGV[6])
    redis.call('ZADD', KEYS[4], ARGV[5], id)
  end
end
return cmsgpack.pack(1)
