import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './checkout.js';
import type { Resource } from './kustomize.js';

/** Where the types and schemas of a kind are. */
function modelOf({ apiVersion, kind }: Resource): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
  const packageName = group.endsWith('keda.sh') ? '@kubernetes-models/keda' : group === 'monitoring.coreos.com' ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models';
  return `${packageName}/${apiVersion}/${kind}`;
}

const titleOf = ({ kind, metadata }: Resource): string => `${kind} ${metadata.name}`;

/** What the schemas of Kubernetes, KEDA and the Prometheus operator find: missing fields, wrong types and values. */
export async function schemaProblems(resources: readonly Resource[]): Promise<readonly string[]> {
  const found = await Promise.all(resources.map(async (resource) => {
    const models = await import(modelOf(resource)) as Record<string, new (data: Resource) => { validate(): void }>;
    try {
      new models[resource.kind]!(resource).validate();
      return [];
    } catch (error) {
      return [`${titleOf(resource)}: ${(error as Error).message}`];
    }
  }));
  return found.flat();
}

/** What the compiler finds in the same, written as typed objects: above all fields that do not exist, which the schemas let pass. */
export function spellingProblems(resources: readonly Resource[]): readonly string[] {
  mkdirSync(join(checkout, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(checkout, '.cache/manifests-'));
  const parts = resources.map((resource, index) => ({ title: titleOf(resource), lines: `import type { I${resource.kind} as T${index} } from '${modelOf(resource)}';\nexport const r${index}: T${index} = ${JSON.stringify(resource, null, 1)};` }));
  try {
    for (const [index, { lines }] of parts.entries()) writeFileSync(join(folder, `r${index}.ts`), lines);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { noEmit: true, strict: true, skipLibCheck: true, types: [], module: 'nodenext', target: 'es2022' }, include: ['*.ts'] }));
    execFileSync(process.execPath, [join(checkout, 'node_modules/typescript7/bin/tsc'), '-p', folder, '--pretty', 'false'], { encoding: 'utf8', stdio: 'pipe' });
    return [];
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string };
    return [...stdout.matchAll(/(?:^|\/)r(\d+)\.ts\(\d+,\d+\): error (.*)$/gm)].map(([, index, text]) => `${parts[Number(index)]!.title}: ${text!}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
