import type { ServiceDefinition } from '@cascade/service-host';
import { consumedStreams } from './consumed-streams.js';
import { networkPolicies, ofKind, selects, specOf, workloads, type Labels } from './manifests.js';
import type { PolicyCheck } from './pod-policies.js';

/** What has to be there once: locks within a process, or a folder that one process owns. */
const once: readonly string[] = ['docs-indexer', 'git-worker'];

/** Selectors meet what they are for: a workload its pods, services, budgets and policies somebody. */
export const selectorsMeet: PolicyCheck = (resources) => {
  const all = workloads(resources);
  const meets = (selector: Labels | undefined): boolean => all.some(({ labels }) => selects(selector, labels));
  const budgets = ofKind(resources, 'PodDisruptionBudget').map((budget) => ({ name: budget.metadata.name, selector: specOf<{ selector: { matchLabels: Labels } }>(budget).selector.matchLabels }));
  const services = ofKind(resources, 'Service').map((service) => ({ name: service.metadata.name, ...specOf<{ selector: Labels; ports: readonly { targetPort: string }[] }>(service) }));
  return [
    ...all.filter(({ selector, labels }) => !selects(selector, labels)).map(({ name }) => `${name} does not select its own pods`),
    ...all.filter(({ kind, labels }) => kind === 'Deployment' && !budgets.some(({ selector }) => selects(selector, labels))).map(({ name }) => `${name} has no disruption budget`),
    ...budgets.filter(({ selector }) => !meets(selector)).map(({ name }) => `the budget ${name} selects nobody`),
    ...services.filter(({ selector, ports }) => !all.some(({ labels, pod }) => selects(selector, labels) && ports.every(({ targetPort }) => pod.containers.some((container) => container.ports?.some(({ name }) => name === targetPort))))).map(({ name }) => `the service ${name} leads nowhere`),
    ...networkPolicies(resources).filter(({ name, podSelector }) => name !== 'default-deny' && !meets(podSelector.matchLabels)).map(({ name }) => `the network policy ${name} selects nobody`),
    ...all.flatMap(({ name, labels, pod }) => (pod.topologySpreadConstraints ?? []).filter(({ labelSelector }) => !selects(labelSelector.matchLabels, labels)).map(() => `${name} spreads pods that are not its own`)),
    ...all.filter(({ name, pod }) => !once.includes(name) && name !== 'redis' && pod.topologySpreadConstraints === undefined).map(({ name }) => `${name} is not spread over nodes`),
  ];
};

/** What pods refer to exists. */
export const referencesMeet: PolicyCheck = (resources) => {
  const names = (kind: string): ReadonlySet<string> => new Set(ofKind(resources, kind).map(({ metadata }) => metadata.name));
  const [accounts, claims, maps] = [names('ServiceAccount'), names('PersistentVolumeClaim'), names('ConfigMap')];
  return workloads(resources).flatMap(({ name, pod }) => [
    ...[pod.serviceAccountName].filter((account) => !accounts.has(account)),
    ...(pod.volumes ?? []).map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName).filter((claim) => claim !== undefined && !claims.has(claim)),
    ...pod.containers.flatMap(({ envFrom = [] }) => envFrom.map(({ configMapRef }) => configMapRef.name)).filter((map) => !maps.has(map)),
  ].map((missing) => `${name}: ${missing} does not exist`)).concat(ofKind(resources, 'ServiceAccount').filter((account) => account['automountServiceAccountToken'] !== false).map(({ metadata }) => `the account ${metadata.name} hands out tokens`));
};

/** Whom labels let reach out; whoever changes this opens a way. */
const reaching: Readonly<Record<string, readonly string[]>> = {
  model: ['agent-00-stories', 'agent-10-specs', 'agent-20-programs', 'agent-30-execution'], packages: ['agent-30-execution', 'git-worker'], git: ['git-worker'], github: ['github-sync', 'github-webhook'],
};

/** Everything is denied; every port that a pod listens on has its way in, and the internet only who needs it. */
export const networkIsClosed: PolicyCheck = (resources) => {
  const [all, policies] = [workloads(resources), networkPolicies(resources)];
  const denied = policies.some(({ podSelector, policyTypes, ingress, egress }) => Object.keys(podSelector).length === 0 && policyTypes.length === 2 && ingress === undefined && egress === undefined);
  const closed = all.flatMap(({ name, labels, pod }) => pod.containers.flatMap(({ ports = [] }) => ports).filter((port) => !policies.some(({ podSelector, ingress = [] }) => selects(podSelector.matchLabels, labels) && ingress.some((rule) => rule.from !== undefined && rule.ports?.some(({ port: open }) => open === port.name || open === port.containerPort)))).map((port) => `nobody may reach ${port.name} of ${name}`));
  const outside = all.flatMap(({ name, labels }) => policies.filter(({ podSelector, egress = [] }) => selects(podSelector.matchLabels, labels) && egress.some(({ to = [] }) => to.some(({ ipBlock }) => ipBlock?.cidr === '0.0.0.0/0'))).map((policy) => ({ name, way: policy.name })));
  return [
    ...(denied ? [] : ['nothing is denied by default']), ...closed,
    ...outside.filter(({ name, way }) => reaching[way]?.includes(name) !== true).map(({ name, way }) => `${name} reaches ${way}`),
    ...policies.filter(({ ingress = [], egress = [] }) => [...ingress, ...egress].some(({ ports, from, to }) => ports === undefined || (from ?? to) === undefined)).map(({ name }) => `${name} lets everything through`),
  ];
};

interface Trigger { readonly metadata: Readonly<Record<string, string>> }

/** Scaled by one thing at a time, and never what has to be there once. */
export const scaledOnce: PolicyCheck = (resources) => {
  const targets = ofKind(resources, 'ScaledObject', 'HorizontalPodAutoscaler').map((scaler) => specOf<{ scaleTargetRef: { name: string } }>(scaler).scaleTargetRef.name);
  return [
    ...targets.filter((target, index) => targets.indexOf(target) !== index).map((target) => `${target} is scaled by two`),
    ...workloads(resources).filter(({ name, replicas }) => targets.includes(name) && replicas !== undefined).map(({ name }) => `${name} is scaled and has a number of replicas`),
    ...targets.filter((target) => !workloads(resources).some(({ name }) => name === target)).map((target) => `${target} is scaled and not there`),
    ...workloads(resources).filter(({ name, replicas, strategy }) => once.includes(name) && (targets.includes(name) || replicas !== 1 || strategy !== 'Recreate')).map(({ name }) => `${name} may run twice`),
  ];
};

/** Each stream that a scaled service's group reads is watched twice: what it was not given yet, and what it works on. */
export const streamsAreWatched = (services: readonly ServiceDefinition[]): PolicyCheck => (resources) => ofKind(resources, 'ScaledObject').flatMap((scaled) => {
  const { scaleTargetRef: { name }, triggers } = specOf<{ scaleTargetRef: { name: string }; triggers: readonly Trigger[] }>(scaled);
  const service = services.find((candidate) => candidate.name === name);
  const wanted = service === undefined ? [] : consumedStreams(service).flatMap((stream) => ['lagCount', 'pendingEntriesCount'].map((by) => `${stream} ${name} ${by}`));
  const watched = triggers.map(({ metadata }) => `${metadata['stream']} ${metadata['consumerGroup']} ${['lagCount', 'pendingEntriesCount'].filter((by) => metadata[by] !== undefined).join('+')}`);
  return [...wanted.filter((one) => !watched.includes(one)).map((one) => `${name} is not scaled by ${one}`), ...watched.filter((one) => !wanted.includes(one)).map((one) => `${name} is scaled by ${one}, which is not its`)];
});
