import { Model, requireModelConfig } from '@cascade/llm';
import type { HostConfig } from './host-config.js';
import type { ClassProvider } from './service-definition.js';

/**
 * What services share that call a language model: `Model`. Named by those alone, so that the others' images do without the
 * 60 MB of its parser. Throws `CASC_MODEL_NOT_CONFIGURED` (terminal).
 */
export async function openModel(config: HostConfig, env: NodeJS.ProcessEnv): Promise<ClassProvider[]> {
  return [{ provide: Model, useValue: new Model(config.model ?? requireModelConfig(env)) }];
}
