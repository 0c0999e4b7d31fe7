import type { Resource } from './kustomize.js';
import type { JsonObject } from './strategic-merge.js';

export type Labels = Readonly<Record<string, string>>;

export interface Probe { readonly httpGet?: { readonly path: string } }

export interface Variable { readonly name: string; readonly value?: string; readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } } }

export interface PodContainer {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly Variable[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources?: { readonly requests?: Labels; readonly limits?: Labels };
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly preStop?: { readonly sleep: { readonly seconds: number } } };
  readonly securityContext?: JsonObject;
}

export interface PodSpec {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: { readonly runAsNonRoot?: boolean; readonly runAsUser?: number; readonly seccompProfile?: { readonly type: string; readonly localhostProfile?: string } };
  readonly topologySpreadConstraints?: readonly { readonly labelSelector: { readonly matchLabels: Labels } }[];
  readonly containers: readonly PodContainer[];
  readonly volumes?: readonly { readonly name: string; readonly persistentVolumeClaim?: { readonly claimName: string } }[];
}

/** A workload, read as what policies look at. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly replicas: number | undefined;
  readonly strategy: string | undefined;
  readonly selector: Labels;
  readonly labels: Labels;
  readonly pod: PodSpec;
}

interface Peer { readonly podSelector?: { readonly matchLabels?: Labels }; readonly namespaceSelector?: { readonly matchLabels: Labels }; readonly ipBlock?: { readonly cidr: string } }
interface Rule { readonly from?: readonly Peer[]; readonly to?: readonly Peer[]; readonly ports?: readonly { readonly port: string | number }[] }

export interface Policy { readonly name: string; readonly podSelector: { readonly matchLabels?: Labels }; readonly policyTypes: readonly string[]; readonly ingress?: readonly Rule[]; readonly egress?: readonly Rule[] }

export const ofKind = (resources: readonly Resource[], ...kinds: readonly string[]): readonly Resource[] => resources.filter(({ kind }) => kinds.includes(kind));

/** The specification of a resource; the schemas have been looked at before. */
export const specOf = <T>(resource: Resource): T => resource['spec'] as T;

export const workloads = (resources: readonly Resource[]): readonly Workload[] => ofKind(resources, 'Deployment', 'StatefulSet').map((resource) => {
  const spec = specOf<{ replicas?: number; strategy?: { type: string }; selector: { matchLabels: Labels }; template: { metadata: { labels: Labels }; spec: PodSpec } }>(resource);
  return { kind: resource.kind, name: resource.metadata.name, replicas: spec.replicas, strategy: spec.strategy?.type, selector: spec.selector.matchLabels, labels: spec.template.metadata.labels, pod: spec.template.spec };
});

export const networkPolicies = (resources: readonly Resource[]): readonly Policy[] => ofKind(resources, 'NetworkPolicy').map((resource) => ({ name: resource.metadata.name, ...specOf<Omit<Policy, 'name'>>(resource) }));

export const selects = (selector: Labels | undefined, labels: Labels): boolean => Object.entries(selector ?? {}).every(([key, value]) => labels[key] === value);
