import { matchesGlob } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { deployedServices, readText, readYaml, sandboxing } from './testing/checkout.js';
import { isSecret, knownVariables } from './testing/known-variables.js';

interface Container {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly args: Readonly<Record<string, string>> };
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const compose = readYaml<{ services: Record<string, Container>; volumes: Record<string, null> }>('docker-compose.yml');
const dockerfile = readText('deploy/docker/Dockerfile');
const ours = Object.entries(compose.services).filter(([, { build }]) => build !== undefined);
const valueIn = (name: string): string | undefined => new RegExp(`\\b${name}=(\\S+)`).exec(dockerfile)?.[1];

describe('docker-compose.yml', () => {
  it('runs every service in a container of its own, from an image of its own', () => {
    expect(ours.map(([name]) => name).sort((a, b) => a.localeCompare(b))).toEqual(deployedServices);
    for (const [name, { image, build }] of ours) {
      expect({ name, image, service: build?.args['SERVICE'] }).toEqual({ name, image: `cascade/${name}:local`, service: name });
      expect(build?.dockerfile).toBe('deploy/docker/Dockerfile');
    }
  });

  it.each(ours)('gives %s no more rights than it needs', (name, container) => {
    expect(container).toMatchObject({ read_only: true, cap_drop: ['ALL'], depends_on: { redis: { condition: 'service_healthy' } } });
    expect(container.security_opt).toEqual(['no-new-privileges:true', ...(sandboxing.includes(name) ? ['seccomp:deploy/docker/seccomp-userns.json'] : [])]);
    expect(container.tmpfs).toHaveLength(1);
  });

  it('names only variables that something reads, and no secret has a value', () => {
    for (const [name, { environment }] of ours) {
      expect({ name, unknown: Object.keys(environment ?? {}).filter((variable) => !knownVariables.has(variable)) }).toEqual({ name, unknown: [] });
    }
    const values = Object.values(compose.services).flatMap(({ environment }) => Object.entries(environment ?? {}));
    expect(values.filter(([name, value]) => isSecret(name) && value !== null)).toEqual([]);
  });

  it('publishes ports on the loopback address alone', () => {
    const ports = Object.entries(compose.services).flatMap(([name, container]) => (container.ports ?? []).map((port) => [name, port] as const));
    expect(ports.map(([name]) => name)).toEqual(['api', 'github-webhook', 'grafana']);
    for (const [, port] of ports) expect(port).toMatch(/^\$\{CASCADE_[A-Z]+_ADDRESS:-127\.0\.0\.1:\d+\}:\d+$/);
    expect(compose.services['api']!.ports![0]).toContain(`:${compose.services['api']!.environment!['CASCADE_API_PORT']}`);
    expect(compose.services['github-webhook']!.ports![0]).toContain(`:${compose.services['github-webhook']!.environment!['CASCADE_WEBHOOK_PORT']}`);
  });

  it('mounts volumes where the image says that they are', () => {
    const folders = new Map(['CACHE', 'WORKSPACES', 'STORE', 'DOCS'].map((name) => [name.toLowerCase(), valueIn(`CASCADE_${name}`)]));
    for (const [volume, folder] of ours.flatMap(([, { volumes }]) => (volumes ?? []).map((entry) => entry.split(':') as [string, string])).filter(([volume]) => folders.has(volume))) {
      expect([volume, folder]).toEqual([volume, folders.get(volume)]);
    }
    const sharing = (volume: string): string[] => ours.filter(([, { volumes }]) => volumes?.some((entry) => entry.startsWith(`${volume}:`))).map(([name]) => name);
    expect(sharing('workspaces')).toEqual(['agent-30-execution', 'git-worker']);
    expect(sharing('cache')).toEqual(['agent-30-execution', 'git-worker']);
    expect(sharing('docs')).toEqual(['docs-indexer']);
    expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining([...new Set(Object.values(compose.services).flatMap(({ volumes }) => volumes ?? []).map((entry) => entry.split(':')[0]!).filter((name) => !name.startsWith('.')))]));
  });

  it('is watched: Prometheus asks every service, on the port that the image answers on', () => {
    const { scrape_configs: [job] } = readYaml<{ scrape_configs: readonly { dns_sd_configs: readonly { port: number; names: readonly string[] }[] }[] }>('deploy/prometheus/prometheus.yml');
    expect(job!.dns_sd_configs[0]!.port).toBe(Number(valueIn('CASCADE_HEALTH_PORT')));
    expect([...job!.dns_sd_configs[0]!.names].sort((a, b) => a.localeCompare(b))).toEqual(deployedServices);
  });

  it('pins what it does not build', () => {
    const foreign = Object.values(compose.services).filter(({ build }) => build === undefined).map(({ image }) => image);
    expect(foreign).toHaveLength(3);
    for (const image of foreign) expect(image).toMatch(/:v?\d/);
  });
});

describe('the Dockerfile', () => {
  it('says of every service what it runs on; only those with a sandbox carry git and bubblewrap', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\w+) AS on-(\S+)$/gm)].map(([, base, service]) => ({ service: service!, base }));
    expect(bases.sort((a, b) => a.service.localeCompare(b.service))).toEqual(deployedServices.map((service) => ({ service, base: sandboxing.includes(service) ? 'sandbox' : 'plain' })));
  });

  it('runs as a numbered user below tini, and tells whether it is ready', () => {
    expect(dockerfile).toMatch(/^USER \$CASCADE_UID$/m);
    expect(dockerfile).toMatch(/^ARG CASCADE_UID=[1-9]\d+$/m);
    expect(dockerfile).toContain('ENTRYPOINT ["tini", "--"]');
    expect(dockerfile).toMatch(/^HEALTHCHECK .*\\\n.*\$CASCADE_HEALTH_PORT .*GET \/ready /m);
    expect(dockerfile).toContain(`EXPOSE ${valueIn('CASCADE_HEALTH_PORT')}`);
  });

  it('holds no secret and names only variables that something reads', () => {
    const named = [...dockerfile.matchAll(/\b(CASCADE_[A-Z_]+|REDIS_URL|OPENAI_[A-Z_]+)=/g)].map(([, name]) => name!).filter((name) => name !== 'CASCADE_UID');
    expect(named.filter((name) => !knownVariables.has(name))).toEqual([]);
    expect(named.filter(isSecret)).toEqual([]);
  });

  it('copies nothing that .dockerignore keeps out', () => {
    const allowed = readText('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from]) => from!.split(' '));
    expect(copied.filter((name) => !allowed.some((entry) => matchesGlob(name, entry) || name.startsWith(`${entry}/`)))).toEqual([]);
    expect(copied).toContain('apps');
  });
});
