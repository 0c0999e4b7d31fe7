--[[
  Ends the handling of a batch of entries: for each, its acknowledgement and everything that it writes become visible
  together, or nothing does.

  KEYS    every key that is read or written, each once; ARGV refers to them by index, 0 stands for none
  ARGV    number of jobs, then per job:
            stream key, group, entry id
            fence key, and if it is not 0: field, number of values, the values
            expectation key, and if it is not 0: field, value ('' stands for a field that does not exist)
            number of writes, then per write: operation, key, number of arguments, the arguments
          operations: HSET SADD SREM PEXPIREAT XADD ZADD ZREM RPUSH DEL PUBLISH
  Result  per job one of
            committed   acknowledged and written
            dropped     somebody else acknowledged it first: nothing written
            fenced      acknowledged, nothing written, because the fence's field has one of its values
            conflict    nothing done: the expectation does not hold
            refused <why>  nothing done: a write would fail on the type of its key
  Publishes to the channels that PUBLISH writes name (key = channel): wakes who waits for a reply.

  A script is not rolled back when a command fails. Therefore nothing is written before everything is checked, and the
  first write is XACK, which Redis lets through when memory is full, so that a script either starts or does not.
]]
local expectedType = { HSET = 'hash', SADD = 'set', SREM = 'set', XADD = 'stream', ZADD = 'zset', ZREM = 'zset', RPUSH = 'list' }
local at = 0

local function take()
  at = at + 1
  return ARGV[at]
end

local function takeKey()
  return KEYS[tonumber(take())]
end

local function takeList()
  local list = {}
  for index = 1, tonumber(take()) do list[index] = take() end
  return list
end

local function takeJob()
  local job = { stream = takeKey(), group = take(), id = take() }
  job.fence = takeKey()
  if job.fence then
    job.fenceField = take()
    job.fenceValues = takeList()
  end
  job.expect = takeKey()
  if job.expect then
    job.expectField = take()
    job.expectValue = take()
  end
  job.writes = {}
  for index = 1, tonumber(take()) do
    job.writes[index] = { operation = take(), key = takeKey(), arguments = takeList() }
  end
  return job
end

local function hashField(key, field)
  if redis.call('TYPE', key).ok ~= 'hash' then return '' end
  return redis.call('HGET', key, field) or ''
end

local function isFenced(job)
  if not job.fence then return false end
  local value = hashField(job.fence, job.fenceField)
  for _, ending in ipairs(job.fenceValues) do
    if value == ending then return true end
  end
  return false
end

local function isPending(job)
  local reply = redis.pcall('XPENDING', job.stream, job.group, job.id, job.id, 1)
  return not reply.err and #reply == 1
end

local function refusal(job)
  for _, write in ipairs(job.writes) do
    local expected = expectedType[write.operation]
    local actual = expected and redis.call('TYPE', write.key).ok
    if expected and actual ~= 'none' and actual ~= expected then
      return 'refused ' .. write.operation .. ' ' .. write.key .. ' holds a ' .. actual
    end
  end
end

local function commit(job)
  local fenced = isFenced(job)
  if not fenced then
    if job.expect and hashField(job.expect, job.expectField) ~= job.expectValue then
      return isPending(job) and 'conflict' or 'dropped'
    end
    local refused = refusal(job)
    if refused then return refused end
  end
  if redis.call('XACK', job.stream, job.group, job.id) ~= 1 then return 'dropped' end
  if fenced then return 'fenced' end
  for _, write in ipairs(job.writes) do
    redis.call(write.operation, write.key, unpack(write.arguments))
  end
  return 'committed'
end

local results = {}
for index = 1, tonumber(take()) do results[index] = commit(takeJob()) end
return results
