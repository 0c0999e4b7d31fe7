import { STOP_WITHIN_MS } from '@cascade/service-host';
import { readText, sandboxing } from './checkout.js';
import { isSecret, knownVariables } from './known-variables.js';
import { workloads, ofKind, type PodContainer, type Workload } from './manifests.js';
import type { Resource } from './kustomize.js';

/** A policy gives what breaks it, in words. */
export type PolicyCheck = (resources: readonly Resource[]) => readonly string[];

const STOP_WITHIN_SECONDS = STOP_WITHIN_MS / 1_000;

/** Services of ours are told by their image; Redis of the dev overlay is held to less. */
const isOurs = ({ image }: PodContainer): boolean => /(^|\/)cascade\//.test(image);

const eachContainer = (check: (container: PodContainer, workload: Workload) => readonly (string | false)[]): PolicyCheck => (resources) =>
  workloads(resources).flatMap((workload) => workload.pod.containers.flatMap((container) => check(container, workload).filter((problem) => problem !== false).map((problem) => `${workload.name}: ${problem}`)));

/** Three probes; for ours liveness is progress, readiness is the way to Redis. */
export const probes = eachContainer((container) => [
  ...(['startupProbe', 'livenessProbe', 'readinessProbe'] as const).map((probe) => container[probe] === undefined && `has no ${probe}`),
  isOurs(container) && container.livenessProbe?.httpGet?.path !== '/live' && 'liveness is not /live',
  isOurs(container) && container.readinessProbe?.httpGet?.path !== '/ready' && 'readiness is not /ready',
  isOurs(container) && !container.ports?.some(({ name, containerPort }) => name === 'ops' && containerPort === 9464) && 'has no port ops',
]);

export const resourcesAreSaid = eachContainer(({ resources }) => [
  resources?.requests?.['cpu'] === undefined && 'requests no cpu', resources?.requests?.['memory'] === undefined && 'requests no memory',
  resources?.limits?.['memory'] === undefined && 'has no limit of memory', resources?.limits?.['ephemeral-storage'] === undefined && 'has no limit of ephemeral storage',
  resources?.limits?.['cpu'] !== undefined && 'has a limit of cpu, which only slows it down',
]);

export const imagesArePinned = eachContainer(({ image }) => [!/(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$/.test(image) && `image ${image} has no tag`, image.endsWith(':latest') && `image ${image} is whatever is latest`]);

export const restricted = eachContainer(({ securityContext }, { name, pod }) => [
  (securityContext?.['allowPrivilegeEscalation'] !== false || securityContext['readOnlyRootFilesystem'] !== true || JSON.stringify(securityContext['capabilities']) !== '{"drop":["ALL"]}') && 'its container may do more than it needs',
  (pod.securityContext?.runAsNonRoot !== true || !pod.securityContext.runAsUser) && 'may run as root',
  pod.securityContext?.seccompProfile?.type !== (sandboxing.includes(name) ? 'Localhost' : 'RuntimeDefault') && 'has the wrong seccomp profile',
  pod.automountServiceAccountToken !== false && 'gets a token of the cluster',
]);

export const endsInTime = eachContainer((container, { pod }) => {
  const needed = (container.lifecycle?.preStop?.sleep.seconds ?? 0) + STOP_WITHIN_SECONDS;
  return [isOurs(container) && (pod.terminationGracePeriodSeconds ?? 30) <= needed && `is killed before the ${needed} s in which it stops`, isOurs(container) && container.lifecycle?.preStop === undefined && 'has no preStop'];
});

export const variablesAreKnown: PolicyCheck = (resources) => [
  ...eachContainer((container) => (isOurs(container) ? (container.env ?? []).map(({ name }) => !knownVariables.has(name) && `nothing reads ${name}`) : []))(resources),
  ...ofKind(resources, 'ConfigMap').flatMap((map) => (map.metadata.name.startsWith('cascade-') ? Object.keys(map['data'] as object) : []).filter((name) => !knownVariables.has(name)).map((name) => `nothing reads ${name}`)),
];

/** Secrets come by reference, and docs/kubernetes.md says which there have to be. */
export const secretsAreReferred: PolicyCheck = (resources) => {
  const documented = readText('docs/kubernetes.md');
  const configured = ofKind(resources, 'ConfigMap').flatMap((map) => Object.keys(map['data'] as object));
  return [
    ...configured.filter(isSecret).map((name) => `${name} is in a ConfigMap`),
    ...eachContainer(({ env = [] }) => env.flatMap(({ name, value, valueFrom }) => [
      isSecret(name) && value !== undefined && `${name} has a value`,
      valueFrom?.secretKeyRef !== undefined && !new RegExp(`\`${valueFrom.secretKeyRef.name.replace(/-[a-z0-9]{10}$/, '')}\`.*\`${valueFrom.secretKeyRef.key}\``).test(documented) && `docs/kubernetes.md does not tell of ${valueFrom.secretKeyRef.name}, ${valueFrom.secretKeyRef.key}`,
    ]))(resources),
  ];
};
