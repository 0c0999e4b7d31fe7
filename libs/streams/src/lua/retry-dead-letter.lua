--[[
  Delivers a dead letter again: takes it out and adds its entry to a retries stream, both or neither.

  KEYS    dead letters, retries stream, and if there is a fence: its key
  ARGV    id of the letter, the fence's field, number of the fence's values, the values, then the entry's fields and values
  Result  retried         it is in the retries stream now
          gone            there is no such letter (any more): nothing done
          ended <value>   the fence's field has one of its values: nothing done
  Publishes nothing beside the entry.
]]
local values = tonumber(ARGV[3])
if #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1]) == 0 then return 'gone' end
if KEYS[3] then
  local value = redis.call('HGET', KEYS[3], ARGV[2])
  for index = 4, 3 + values do
    if value == ARGV[index] then return 'ended ' .. value end
  end
end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 4 + values))
redis.call('XDEL', KEYS[1], ARGV[1])
return 'retried'
