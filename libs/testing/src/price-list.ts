import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sampleGitRepository, type SampleRepository } from './sample-git-repository.js';

const folder = fileURLToPath(new URL('../../../examples/price-list', import.meta.url));

/** Git knows it in every repository. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** What the demo works on: a repository, a request, and a recording of the answers to exactly these. */
export const priceList = {
  /** Folder of the answers, for `RecordedModel` or `CASCADE_LLM_REPLAY`. */
  recording: path.join(folder, 'recording'),

  get request(): string {
    return readFileSync(path.join(folder, 'request.txt'), 'utf8').trim();
  },

  /** Every file with a hash of its content that a cascade on it leaves, however it came there; as `artefactsOf` lists them. */
  get artefacts(): string[] {
    return readFileSync(path.join(folder, 'artefacts.txt'), 'utf8').trim().split('\n');
  },

  /** Of a branch, whatever the day; without reports and gates, which name commits. */
  artefactsOf(repository: SampleRepository, branch: string): string[] {
    const text = repository.git('diff', '--no-color', '--no-renames', EMPTY_TREE, branch, '--', '.', ':!docs/qa/reports', ':!docs/qa/gates');
    const files = text.replaceAll(/^index .*\n/gm, '').replaceAll(/\b\d{4}-\d\d-\d\d\b/g, '<day>').split(/^diff --git a\//m).slice(1);
    return files.map((file) => `${createHash('sha256').update(file.trim()).digest('hex').slice(0, 16)} ${file.slice(0, file.indexOf(' b/'))}`);
  },

  /** Its one commit is the same every time. */
  repository(): SampleRepository {
    const repository = sampleGitRepository({}, 'price-list');
    cpSync(path.join(folder, 'repository'), repository.folder, { recursive: true });
    repository.commit('Orders and receipts in whole cents');
    return repository;
  },
};
