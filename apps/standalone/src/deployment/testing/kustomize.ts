import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { terminal } from '@cascade/contracts';
import { parse, parseAllDocuments } from 'yaml';
import { isObject, strategicMerge, type Json, type JsonObject } from './strategic-merge.js';

export interface Resource extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
}

interface Generator {
  readonly name: string;
  readonly behavior?: 'merge';
  readonly literals?: readonly string[];
  readonly envs?: readonly string[];
  readonly files?: readonly string[];
}

interface Patch {
  readonly path: string;
  readonly target?: { readonly kind: string; readonly name?: string };
}

/** What of Kustomize our folders use. Anything else is refused, so that nothing is rendered otherwise than `kubectl` would. */
interface Kustomization {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly configMapGenerator?: readonly Generator[];
  readonly secretGenerator?: readonly Generator[];
  readonly labels?: readonly { readonly pairs: Readonly<Record<string, string>>; readonly includeTemplates: true }[];
  readonly patches?: readonly Patch[];
  readonly replicas?: readonly { readonly name: string; readonly count: number }[];
  readonly images?: readonly { readonly name: string; readonly newName?: string; readonly newTag: string }[];
}

const known = new Set(['apiVersion', 'kind', 'namespace', 'resources', 'components', 'configMapGenerator', 'secretGenerator', 'labels', 'patches', 'replicas', 'images']);

/** The resources of a folder with a kustomization.yaml, as `kubectl kustomize` renders them. Throws for what it does not know. */
export function renderKustomization(folder: string): readonly Resource[] {
  const generated = new Set<string>();
  const resources = build(folder, [], generated);
  const renamed = new Map(resources.filter((resource) => generated.has(idOf(resource))).map((resource) => [idOf(resource), `${resource.metadata.name}-${hashOf(resource)}`]));
  return resources.map((resource) => {
    const name = renamed.get(idOf(resource));
    return withReferences(name === undefined ? resource : { ...resource, metadata: { ...resource.metadata, name } }, renamed) as Resource;
  });
}

const idOf = ({ kind, metadata }: Resource): string => `${kind}/${metadata.name}`;

function build(folder: string, given: readonly Resource[], generated: Set<string>): readonly Resource[] {
  const kustomization = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as Kustomization;
  const unknown = Object.keys(kustomization).filter((key) => !known.has(key));
  if (unknown.length > 0) throw terminal('CASC_TEST', `${folder}: this renderer does not know ${unknown.join(', ')}.`);
  let resources = [...given, ...(kustomization.resources ?? []).flatMap((name) => load(join(folder, name), generated))];
  const repeated = resources.map(idOf).find((id, index, all) => all.indexOf(id) !== index);
  if (repeated !== undefined) throw terminal('CASC_TEST', `${folder}: ${repeated} is there twice.`);
  for (const generator of kustomization.configMapGenerator ?? []) resources = generate(resources, 'ConfigMap', dataOf(folder, generator), generator, generated);
  for (const generator of kustomization.secretGenerator ?? []) resources = generate(resources, 'Secret', encoded(dataOf(folder, generator)), generator, generated);
  for (const component of kustomization.components ?? []) resources = [...build(join(folder, component), resources, generated)];
  return transform(folder, kustomization, resources);
}

function load(path: string, generated: Set<string>): readonly Resource[] {
  if (statSync(path).isDirectory()) return build(path, [], generated);
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => document.toJS() as Resource | null).filter((resource) => resource !== null);
}

function dataOf(folder: string, { literals = [], envs = [], files = [] }: Generator): Record<string, string> {
  const lines = [...literals, ...envs.flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#')))];
  return Object.fromEntries([...lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]), ...files.map((file) => [file, readFileSync(join(folder, file), 'utf8')])]) as Record<string, string>;
}

const encoded = (data: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));

function generate(resources: readonly Resource[], kind: string, data: Record<string, string>, { name, behavior }: Generator, generated: Set<string>): Resource[] {
  const id = `${kind}/${name}`;
  if (behavior === 'merge') return resources.map((resource) => (idOf(resource) === id ? { ...resource, data: { ...resource['data'] as JsonObject, ...data } } : resource));
  generated.add(id);
  return [...resources, { apiVersion: 'v1', kind, metadata: { name }, ...(kind === 'Secret' ? { type: 'Opaque' } : {}), data }];
}

function transform(folder: string, { namespace, labels = [], patches = [], replicas = [], images = [] }: Kustomization, all: readonly Resource[]): readonly Resource[] {
  let resources = all;
  const change = (wanted: (resource: Resource) => boolean, patch: Json): void => {
    resources = resources.map((resource) => (wanted(resource) ? strategicMerge(resource, patch) as Resource : resource));
  };
  for (const { path, target } of patches) {
    const { metadata, ...patch } = parse(readFileSync(join(folder, path), 'utf8')) as Resource;
    const of = { kind: target?.kind ?? patch.kind, name: new RegExp(`^(?:${target === undefined ? metadata.name : target.name ?? '.*'})$`) };
    change((resource) => resource.kind === of.kind && of.name.test(resource.metadata.name), patch);
  }
  for (const { pairs } of labels) {
    change(() => true, { metadata: { labels: pairs } });
    change((resource) => templateOf(resource) !== undefined, { spec: { template: { metadata: { labels: pairs } } } });
  }
  for (const { name, count } of replicas) change((resource) => resource.kind === 'Deployment' && resource.metadata.name === name, { spec: { replicas: count } });
  if (namespace !== undefined) change(({ kind }) => kind !== 'Namespace', { metadata: { namespace } });
  for (const { name, newName = name, newTag } of images) {
    resources = resources.map((resource) => withStrings(resource, (text, key) => (key === 'image' && (text === name || text.startsWith(`${name}:`)) ? `${newName}:${newTag}` : text)) as Resource);
  }
  return resources;
}

/** The template of a workload's pods. */
export function templateOf(resource: Resource): JsonObject | undefined {
  const { spec } = resource;
  return isObject(spec) && isObject(spec['template']) ? spec['template'] : undefined;
}

const referenceTo: Readonly<Record<string, string>> = { configMapRef: 'ConfigMap', configMap: 'ConfigMap', secretKeyRef: 'Secret', secretRef: 'Secret' };

/** Generated objects have a hash of their content in their name, so that pods follow a change of it. */
function withReferences(value: Json, renamed: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((element: Json) => withReferences(element, renamed));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => {
    const kind = referenceTo[key];
    const name = kind !== undefined && isObject(part) ? renamed.get(`${kind}/${part['name'] as string}`) : undefined;
    return [key, name === undefined ? withReferences(part, renamed) : { ...part as JsonObject, name }];
  }));
}

function withStrings(value: Json, change: (text: string, key: string) => string, key = ''): Json {
  if (typeof value === 'string') return change(value, key);
  if (Array.isArray(value)) return value.map((element: Json) => withStrings(element, change));
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withStrings(part, change, name)])) : value;
}

/** Kustomize's: the first ten digits of a digest, with characters that make no words. */
function hashOf({ kind, type, data }: Resource): string {
  const sorted = Object.fromEntries(Object.entries(data as Record<string, string>).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify(kind === 'Secret' ? { data: sorted, kind, name: '', type } : { data: sorted, kind, name: '' }).replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  const letters: Readonly<Record<string, string>> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' };
  return createHash('sha256').update(text).digest('hex').slice(0, 10).replaceAll(/[013ae]/g, (digit) => letters[digit]!);
}
