-- What is due by the clock of this server: the processes' own clocks may jump.
-- KEYS[1] deadlines (sorted set: cascade id, or agent:<agent id>, by deadline in Unix ms)
-- ARGV[1] most members
-- Returns { now in Unix ms, member, deadline, member, deadline, … }, the oldest deadline first. Publishes nothing.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now), 'WITHSCORES', 'LIMIT', 0, ARGV[1])
table.insert(due, 1, string.format('%.0f', now))
return due
