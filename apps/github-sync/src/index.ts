import { readGitHubConfig, requireCredentials } from '@cascade/github';
import type { ServiceDefinition } from '@cascade/service-host';
import { SyncModule } from './sync.module.js';
import { SyncSettings } from './sync-settings.js';

export { SyncSettings };

/** With settings of the caller's, else those of the environment. */
export const githubSync = (settings?: SyncSettings): ServiceDefinition => ({
  name: 'github-sync', module: SyncModule, besideCascades: true,
  shared: async (_config, env) => [{ provide: SyncSettings, useValue: settings ?? settingsOf(env) }],
});

/** Throws `CASC_GITHUB_NOT_CONFIGURED` without credentials, and `CASC_CONFIGURATION_INVALID`. */
function settingsOf(env: NodeJS.ProcessEnv): SyncSettings {
  const github = readGitHubConfig(env);
  requireCredentials(github.credentials);
  return new SyncSettings(github);
}

export const service = githubSync();
