--[[
  Moves entries whose delay is over back to the streams of their service; any process may do it, by this server's clock.

  KEYS    delayed set (member: JSON list of fields and values, score: due time in Unix milliseconds), then the retries
          streams, one per lane
  ARGV    most entries to move in one call, then the priority of each lane; an entry without one of them goes to the first
  Result  { number moved, milliseconds until the next one is due or -1 }
  Publishes nothing beside the entries.
]]
local laneOf = {}
for lane = 2, #ARGV do laneOf[ARGV[lane]] = KEYS[lane] end

local function streamOf(fields)
  for index = 1, #fields, 2 do
    if fields[index] == 'priority' then return laneOf[fields[index + 1]] or KEYS[2] end
  end
  return KEYS[2]
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now), 'LIMIT', 0, tonumber(ARGV[1]))
for _, member in ipairs(due) do
  local fields = cjson.decode(member)
  redis.call('XADD', streamOf(fields), '*', unpack(fields))
  redis.call('ZREM', KEYS[1], member)
end
local following = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return { #due, following and math.max(following - now, 0) or -1 }
