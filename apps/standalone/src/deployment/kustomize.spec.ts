import { execFileSync } from 'node:child_process';
import { afterAll, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { folders, kubernetesFolder, removeKubernetesFolder } from './testing/kubernetes-folder.js';
import { renderKustomization, type Resource } from './testing/kustomize.js';
import type { Json } from './testing/strategic-merge.js';

/** Where order says nothing. */
const sorted = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(sorted).map((element) => JSON.stringify(element)).sort().map((text) => JSON.parse(text) as Json);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, sorted(part)])) : value;
};

const byKubectl = (folder: string): readonly Resource[] | undefined => {
  try {
    return parseAllDocuments(execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })).map((document) => document.toJS() as Resource);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    process.stdout.write('kubectl is not here: what our renderer makes is not compared with it.\n');
    return undefined;
  }
};

afterAll(removeKubernetesFolder);

it.each(folders)('our renderer makes of %s what kubectl makes of it', (name) => {
  const folder = `${kubernetesFolder()}/${name}`;
  const ours = renderKustomization(folder);
  expect(ours.length).toBeGreaterThan(3);
  const theirs = byKubectl(folder);
  if (theirs !== undefined) expect(sorted(ours)).toEqual(sorted(theirs));
});
