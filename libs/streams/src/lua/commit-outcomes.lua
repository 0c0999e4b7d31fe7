--[[
  Ends the handling of a batch of entries: for each, its acknowledgement and everything that it writes become visible
  together, or nothing does.

  KEYS    every key that is read or written, each once; ARGV refers to them by index, 0 stands for none
  ARGV    one MessagePack list: number of jobs, then per job:
            stream key, group, entry id, consumer that must still hold the entry ('' when anybody's result counts)
            fence key, and if it is not 0: field, number of values, the values
            expectation key, and if it is not 0: field, value ('' stands for a field that does not exist)
            number of writes, then per write: operation, key, number of arguments, the arguments
          operations: HSET SADD SREM PEXPIRE PEXPIREAT XADD ZADD ZREM RPUSH DEL PUBLISH, and LATER: a ZADD whose score is so many
          milliseconds from now by this server's clock (the processes' own clocks may differ)
  Result  a MessagePack list, per job one of
            committed   acknowledged and written
            dropped     somebody else acknowledged it first, or took it over: nothing written
            fenced      acknowledged, nothing written, because the fence's field has one of its values
            conflict    nothing done: the expectation does not hold
            refused <why>  nothing done: a write would fail on the type of its key
  Publishes to the channels that PUBLISH writes name (key = channel): wakes who waits for a reply.

  A script is not rolled back when a command fails. Therefore nothing is written before everything is checked, and the
  first write is XACK, which Redis lets through when memory is full, so that a script either starts or does not.

  The arguments are walked by index and never copied into tables, and the type of a key is asked once per batch: this
  script is most of what a hand-off costs Redis.
]]
local ARGV = cmsgpack.unpack(ARGV[1])
local expectedType = { HSET = 'hash', SADD = 'set', SREM = 'set', XADD = 'stream', ZADD = 'zset', LATER = 'zset', ZREM = 'zset', RPUSH = 'list' }
local call = redis.call
-- By key: the type that it has, or had before it went. Every write of this script keeps it true.
local typeOf = {}

-- Functions that walk ARGV get the index where their part begins, and give the index after it first.

local function hashField(key, field)
  local value = redis.pcall('HGET', key, field)
  return type(value) == 'string' and value or ''
end

local function readFence(at)
  local key = KEYS[ARGV[at]]
  if not key then return at + 1, false end
  local value, last = hashField(key, ARGV[at + 1]), at + 2 + ARGV[at + 2]
  for index = at + 3, last do
    if ARGV[index] == value then return last + 1, true end
  end
  return last + 1, false
end

local function readExpectation(at)
  local key = KEYS[ARGV[at]]
  if not key then return at + 1, true end
  return at + 3, hashField(key, ARGV[at + 1]) == ARGV[at + 2]
end

-- Why one of the writes would fail on the type of its key; nil when none would.
local function checkWrites(at, count)
  local refused
  for _ = 1, count do
    local operation, key = ARGV[at], KEYS[ARGV[at + 1]]
    local expected = expectedType[operation]
    if expected and typeOf[key] ~= expected then
      local actual = call('TYPE', key).ok
      if actual == expected then typeOf[key] = actual end
      if actual ~= 'none' and actual ~= expected then refused = 'refused ' .. operation .. ' ' .. key .. ' holds a ' .. actual end
    end
    at = at + 3 + ARGV[at + 2]
  end
  return at, refused
end

local function write(at, count)
  for _ = 1, count do
    local operation, key, last = ARGV[at], KEYS[ARGV[at + 1]], at + 2 + ARGV[at + 2]
    if operation == 'LATER' then
      local time = call('TIME')
      call('ZADD', key, string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[at + 3]), ARGV[at + 4])
    else
      call(operation, key, unpack(ARGV, at + 3, last))
    end
    typeOf[key] = expectedType[operation] or typeOf[key]
    at = last + 1
  end
end

-- The consumer that holds an entry; nil when it is acknowledged.
local function holderOf(stream, group, id)
  local reply = redis.pcall('XPENDING', stream, group, id, id, 1)
  return not reply.err and reply[1] and reply[1][2] or nil
end

local function commit(at)
  local stream, group, id, owner = KEYS[ARGV[at]], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local fenced, holds, following, refused
  at, fenced = readFence(at + 4)
  at, holds = readExpectation(at)
  local count, first = ARGV[at], at + 1
  following, refused = checkWrites(first, count)
  if owner ~= '' and holderOf(stream, group, id) ~= owner then return following, 'dropped' end
  if not fenced then
    if not holds then return following, holderOf(stream, group, id) and 'conflict' or 'dropped' end
    if refused then return following, refused end
  end
  if call('XACK', stream, group, id) ~= 1 then return following, 'dropped' end
  if fenced then return following, 'fenced' end
  write(first, count)
  return following, 'committed'
end

local results, at = {}, 2
for index = 1, ARGV[1] do at, results[index] = commit(at) end
return cmsgpack.pack(results)
