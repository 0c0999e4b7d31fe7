import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sampleGitRepository, type SampleRepository } from './sample-git-repository.js';

const folder = fileURLToPath(new URL('../../../examples/price-list', import.meta.url));

/** What the demo works on: a repository, a request, and a recording of the answers to exactly these. */
export const priceList = {
  /** Folder of the answers, for `RecordedModel` or `CASCADE_LLM_REPLAY`. */
  recording: path.join(folder, 'recording'),

  get request(): string {
    return readFileSync(path.join(folder, 'request.txt'), 'utf8').trim();
  },

  /** Its one commit is the same every time. */
  repository(): SampleRepository {
    const repository = sampleGitRepository({}, 'price-list');
    cpSync(path.join(folder, 'repository'), repository.folder, { recursive: true });
    repository.commit('Orders and receipts in whole cents');
    return repository;
  },
};
