import { afterEach, describe, expect, it } from '@jest/globals';
import type { StreamsHealth } from '@cascade/streams';
import { addGaugeSource, supervisorMetrics } from '@cascade/telemetry';
import { DEAD_AFTER_MS, OpsServer, type ProcessHealth } from './ops-server.js';

const well: StreamsHealth = { silentMs: 900, trouble: undefined };
const silent = { warn: (): void => undefined };
let server: OpsServer;
afterEach(() => server.close());

const ask = async (path: string, method = 'GET'): Promise<number> => (await fetch(`http://127.0.0.1:${server.port}${path}`, { method })).status;
const text = async (): Promise<string> => (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();

describe('probes', () => {
  it('tell a process that works from one in trouble and from one that has fallen silent', async () => {
    let other = well;
    server = await OpsServer.start(0, () => ({ phase: 'running', healths: [well, other] }));
    expect([await ask('/live'), await ask('/ready'), await ask('/'), await ask('/live', 'POST')]).toEqual([200, 200, 404, 405]);
    other = { silentMs: 5_000, trouble: 'connect ECONNREFUSED' };
    expect([await ask('/live'), await ask('/ready')]).toEqual([200, 503]);
    other = { silentMs: DEAD_AFTER_MS, trouble: undefined };
    expect([await ask('/live'), await ask('/ready')]).toEqual([503, 503]);
  });

  it('a process that starts or stops lives, and asks for no work', async () => {
    let health: ProcessHealth = { phase: 'starting', healths: [] };
    server = await OpsServer.start(0, () => health);
    expect([await ask('/live'), await ask('/ready')]).toEqual([200, 503]);
    health = { phase: 'stopping', healths: [well] };
    expect([await ask('/live'), await ask('/ready')]).toEqual([200, 503]);
  });

  it('say when their port is taken', async () => {
    server = await OpsServer.start(0, () => ({ phase: 'running', healths: [] }));
    await expect(OpsServer.start(server.port, () => ({ phase: 'running', healths: [] }))).rejects.toMatchObject({ code: 'CASC_HEALTH_PORT_TAKEN' });
  });
});

describe('GET /metrics', () => {
  it('tells of the process, and leaves out what cannot be read in time, with one line per outage', async () => {
    const warnings: string[] = [];
    server = await OpsServer.start(0, () => ({ phase: 'running', healths: [] }), { warn: (line: string) => void warnings.push(line) });
    let answer: Promise<number> = Promise.resolve(1);
    const remove = addGaugeSource(async () => [{ gauge: supervisorMetrics.leader, labels: { partition: '0' }, value: await answer }], 50);
    expect(await text()).toContain('\ncascade_supervisor_leader{partition="0"} 1\n');
    answer = new Promise(() => undefined); // a Redis that is away: the question waits for ever
    for (let scrape = 0; scrape < 2; scrape += 1) {
      const without = await text();
      expect(without).toContain('\nprocess_resident_memory_bytes ');
      expect(without).not.toContain('cascade_supervisor_leader{');
    }
    expect(warnings).toEqual([expect.stringContaining('within 50 ms')]);
    remove();
    expect(await text()).not.toContain('cascade_supervisor_leader{');
  });

  it('has no names of prom-client that Prometheus refuses', async () => {
    server = await OpsServer.start(0, () => ({ phase: 'running', healths: [] }), silent);
    const names = [...(await text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!]);
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter(([name, type]) => name!.endsWith('_total') !== (type === 'counter'))).toEqual([]);
  });
});
