export { startTestRedis, type TestRedis } from './test-redis.js';
export { temporaryFolder, removeTemporaryFolder, removeTemporaryFolders } from './temporary-folder.js';
export { MemoryRun, type MemoryRunOptions, type RecordedEffect } from './memory-run.js';
export { ScriptedModel, type ScriptedAnswer, type ScriptedRequest } from './scripted-model.js';
export { failOnLeaks } from './fail-on-leaks.js';
export { redisCli } from './redis-cli.js';
export { sampleGitRepository, type SampleRepository } from './sample-git-repository.js';
export { untilTrue } from './until-true.js';
export { itWith } from './it-with.js';
