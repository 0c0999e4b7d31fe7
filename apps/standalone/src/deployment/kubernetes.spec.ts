import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { service as githubSync } from '@cascade/github-sync';
import { service as githubWebhook } from '@cascade/github-webhook';
import { services as road } from '../standalone.js';
import * as clusterPolicies from './testing/cluster-policies.js';
import { deployedServices, readText } from './testing/checkout.js';
import { folders, kubernetesFolder, removeKubernetesFolder, withComponents } from './testing/kubernetes-folder.js';
import { renderKustomization, type Resource } from './testing/kustomize.js';
import { schemaProblems, spellingProblems } from './testing/manifest-types.js';
import * as podPolicies from './testing/pod-policies.js';
import type { PolicyCheck } from './testing/pod-policies.js';
import { strategicMerge, type Json } from './testing/strategic-merge.js';

const services = [...road, githubSync, githubWebhook];
const { streamsAreWatched, ...cluster } = clusterPolicies;
const policies: Readonly<Record<string, PolicyCheck>> = { ...podPolicies, ...cluster, streamsAreWatched: streamsAreWatched(services) };
const rendered = new Map([...folders.map((name) => [name, renderKustomization(`${kubernetesFolder()}/${name}`)] as const), ['overlays/prod with HPA', renderKustomization(withComponents('overlays/prod', ['keda'], ['hpa']))] as const]);
/** Each once: overlays differ in little. */
const all = [...new Map([...rendered.values()].flat().map((resource) => [JSON.stringify(resource), resource])).values()];
const prod = rendered.get('overlays/prod')!;

afterAll(removeKubernetesFolder);

describe('manifests', () => {
  it('are what Kubernetes, KEDA and the Prometheus operator understand, down to the last field', async () => {
    expect(await schemaProblems(all)).toEqual([]);
    expect(spellingProblems(all)).toEqual([]);
  });

  it('hold every service', () => {
    const deployed = prod.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name).sort((a, b) => a.localeCompare(b));
    expect(deployed).toEqual(deployedServices);
  });

  it.each([...rendered].filter(([name]) => name !== 'nodes'))('%s keeps to every policy', (_name, resources) => {
    expect(Object.entries(policies).flatMap(([policy, check]) => check(resources).map((problem) => `${policy}: ${problem}`))).toEqual([]);
  });

  it('hold no secret: overlays for production refer to them, the one for trying out reads files that are not committed', () => {
    expect(prod.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(readText('deploy/kubernetes/overlays/dev/.gitignore')).toBe('*.env\n');
  });

  it('bring the same seccomp profile to the nodes that Compose uses', () => {
    expect(readFileSync(`${kubernetesFolder()}/nodes/cascade-userns.json`, 'utf8')).toBe(readText('deploy/docker/seccomp-userns.json'));
  });
});

/** The resources of production with one of them changed; null removes. */
const mistaken = (id: string, patch: Json): readonly Resource[] => {
  expect(prod.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toContain(id);
  return prod.map((resource) => (`${resource.kind}/${resource.metadata.name}` === id ? strategicMerge(resource, patch) as Resource : resource));
};
const inContainer = (patch: Json): Json => ({ spec: { template: { spec: { containers: [{ name: 'service', ...patch as object }] } } } });
const found = (policy: string, resources: readonly Resource[]): string => policies[policy]!(resources).join('\n');

describe('mistakes are found', () => {
  it('a field that is misspelt, and one of the wrong type', async () => {
    const misspelt = mistaken('Deployment/api', inContainer({ livenesProbe: {} })).filter(({ kind }) => kind === 'Deployment');
    expect(spellingProblems(misspelt)).toEqual([expect.stringMatching(/^Deployment api: .*livenesProbe/)]);
    expect(await schemaProblems(mistaken('Deployment/api', { spec: { replicas: 'two' } }))).toEqual([expect.stringMatching(/^Deployment api: .*replicas.*integer/s)]);
    expect(await schemaProblems(mistaken('ScaledObject/agent-10-specs', { spec: { triggers: [{ type: 'redis-streams', metadata: { lagCount: 4 } }] } }))).toHaveLength(1);
    const rule = (fields: Json): readonly Resource[] => mistaken('PrometheusRule/cascade', { spec: { groups: [{ name: 'x', rules: [{ alert: 'X', expr: 'up', ...fields as object }] }] } }).filter(({ kind }) => kind === 'PrometheusRule');
    expect(await schemaProblems(rule({ for: '2 minutes' }))).toEqual([expect.stringMatching(/^PrometheusRule cascade: .*for/s)]);
    expect(spellingProblems(rule({ anotations: {} }))).toEqual([expect.stringMatching(/^PrometheusRule cascade: .*anotations/)]);
  });

  const scaled = (stream: string): Json => ({ spec: { triggers: ['lagCount', 'pendingEntriesCount'].flatMap((by) => [stream, 'retries:agent-10-specs'].map((name) => ({ type: 'redis-streams', metadata: { stream: name, consumerGroup: 'agent-10-specs', [by]: '4' } }))) } });
  it.each<readonly [string, string, Json, string]>([
    ['streamsAreWatched', 'ScaledObject/agent-10-specs', scaled('stream:stories.aproved'), 'agent-10-specs is not scaled by stream:stories.approved agent-10-specs lagCount'],
    ['streamsAreWatched', 'ScaledObject/agent-10-specs', { spec: { triggers: [] } }, 'agent-10-specs is not scaled by retries:agent-10-specs agent-10-specs pendingEntriesCount'],
    ['probes', 'Deployment/supervisor', inContainer({ livenessProbe: null }), 'supervisor: has no livenessProbe'],
    ['probes', 'Deployment/supervisor', inContainer({ readinessProbe: { httpGet: { path: '/live' } } }), 'supervisor: readiness is not /ready'],
    ['resourcesAreSaid', 'Deployment/api', inContainer({ resources: { limits: null } }), 'api: has no limit of memory'],
    ['imagesArePinned', 'Deployment/api', inContainer({ image: 'cascade/api' }), 'api: image cascade/api has no tag'],
    ['imagesArePinned', 'Deployment/api', inContainer({ image: 'cascade/api:latest' }), 'is whatever is latest'],
    ['restricted', 'Deployment/api', inContainer({ securityContext: { readOnlyRootFilesystem: false } }), 'api: its container may do more than it needs'],
    ['restricted', 'Deployment/git-worker', { spec: { template: { spec: { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } } } } }, 'git-worker: has the wrong seccomp profile'],
    ['endsInTime', 'Deployment/api', { spec: { template: { spec: { terminationGracePeriodSeconds: 20 } } } }, 'api: is killed before the 25 s in which it stops'],
    ['variablesAreKnown', 'Deployment/api', inContainer({ env: [{ name: 'CASCADE_API_HOSTS', value: 'x' }] }), 'nothing reads CASCADE_API_HOSTS'],
    ['secretsAreReferred', 'Deployment/api', inContainer({ env: [{ name: 'OPENAI_API_KEY', value: 'sk-…' }] }), 'OPENAI_API_KEY has a value'],
    ['secretsAreReferred', 'Deployment/api', inContainer({ env: [{ name: 'OPENAI_API_KEY', valueFrom: { secretKeyRef: { name: 'model', key: 'key' } } }] }), 'does not tell of model, key'],
    ['selectorsMeet', 'Service/api', { spec: { selector: { 'app.kubernetes.io/name': 'apis' } } }, 'the service api leads nowhere'],
    ['selectorsMeet', 'PodDisruptionBudget/api', { spec: { selector: { matchLabels: { 'app.kubernetes.io/name': 'apis' } } } }, 'api has no disruption budget'],
    ['referencesMeet', 'Deployment/docs-indexer', { spec: { template: { spec: { volumes: [{ name: 'docs', persistentVolumeClaim: { claimName: 'doc' } }] } } } }, 'docs-indexer: doc does not exist'],
    ['networkIsClosed', 'NetworkPolicy/api', { spec: { ingress: [] } }, 'nobody may reach http of api'],
    ['networkIsClosed', 'Deployment/supervisor', { spec: { template: { metadata: { labels: { 'cascade/reaches-model': 'true' } } } } }, 'supervisor reaches model'],
    ['networkIsClosed', 'NetworkPolicy/default-deny', { spec: { egress: [{}] } }, 'nothing is denied by default'],
    ['scaledOnce', 'Deployment/git-worker', { spec: { replicas: 2 } }, 'git-worker may run twice'],
    ['scaledOnce', 'Deployment/agent-10-specs', { spec: { replicas: 2 } }, 'agent-10-specs is scaled and has a number of replicas'],
  ])('%s: %s', (policy, id, patch, problem) => {
    expect(found(policy, mistaken(id, patch))).toContain(problem);
  });

  it('a service that both KEDA and an HPA scale', () => {
    expect(found('scaledOnce', [...prod, ...rendered.get('overlays/prod with HPA')!.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')])).toContain('agent-10-specs is scaled by two');
  });

  it('something of Kustomize that our renderer would render otherwise', () => {
    expect(() => renderKustomization(withComponents('overlays/dev', [], [], 'namePrefix: x-\n'))).toThrow('does not know namePrefix');
  });
});
