import { copyFileSync, cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from './checkout.js';

/** What an operator applies. */
export const folders = ['overlays/dev', 'overlays/prod', 'nodes'] as const;

let made: string | undefined;

/** A copy of deploy/kubernetes in which the files exist that hold secrets: their examples. */
export function kubernetesFolder(): string {
  if (made !== undefined) return made;
  made = mkdtempSync(join(tmpdir(), 'cascade-kubernetes-'));
  cpSync(join(checkout, 'deploy/kubernetes'), made, { recursive: true, filter: (file) => !file.endsWith('.env') });
  for (const example of globSync(`${made}/overlays/*/*.env.example`)) copyFileSync(example, example.slice(0, -'.example'.length));
  return made;
}

export function removeKubernetesFolder(): void {
  if (made !== undefined) rmSync(made, { recursive: true });
  made = undefined;
}

/** Another overlay: as that one, with other components and more lines. Gives its folder. */
export function withComponents(overlay: string, without: readonly string[], added: readonly string[], lines = ''): string {
  const [from, to] = [join(kubernetesFolder(), overlay), mkdtempSync(join(kubernetesFolder(), 'overlays/other-'))];
  cpSync(from, to, { recursive: true });
  const kustomization = readFileSync(join(from, 'kustomization.yaml'), 'utf8').replaceAll(/^ {2}- \.\.\/\.\.\/components\/(\w[\w-]*)\n/gm, (line, name: string) => (without.includes(name) ? '' : line));
  writeFileSync(join(to, 'kustomization.yaml'), `${kustomization.replace('components:\n', `components:\n${added.map((name) => `  - ../../components/${name}\n`).join('')}`)}${lines}`);
  return to;
}
