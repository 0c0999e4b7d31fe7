-- Resets the idle time of entries that a consumer still holds; their delivery count stays.
-- KEYS[1] stream
-- ARGV[1] group   ARGV[2] consumer   ARGV[3..] entry ids
-- Returns how many it still holds: the others are acknowledged, or another consumer took them over. Publishes nothing.
local held = 0
for i = 3, #ARGV do
  local entry = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
  if entry and entry[2] == ARGV[2] then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'JUSTID')
    held = held + 1
  end
end
return held
