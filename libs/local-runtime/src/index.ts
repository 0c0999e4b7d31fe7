export { ensureRedis, type LocalRedis, type RedisNeed } from './ensure-redis.js';
export { ensureBwrap, type BwrapEnvironment } from './ensure-bwrap.js';
export { findRedisProgram, type RedisProgram } from './redis-program.js';
export { startRedisServer, freePort, type RedisServer, type ServerSettings } from './redis-server.js';
export { cacheDirectory } from './cache-directory.js';
export { askRedis } from './ask-redis.js';
export { findExecutable, runCommand, type CommandResult, type Environment } from './run-command.js';
