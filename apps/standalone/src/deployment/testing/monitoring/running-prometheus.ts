import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, temporaryFolder, untilTrue } from '@cascade/testing';

interface Answer { readonly data: { readonly result: readonly { readonly values: readonly (readonly [number, string])[] }[] } }

/** A real Prometheus that scrapes one process every two seconds. */
export class RunningPrometheus {
  readonly #begin = Date.now();

  private constructor(private readonly child: ChildProcess, private readonly origin: string) {}

  static async start(scraped: number, rules: string): Promise<RunningPrometheus> {
    const [folder, port] = [temporaryFolder('prometheus'), await freePort()];
    const config = { global: { scrape_interval: '2s', evaluation_interval: '2s' }, rule_files: [rules], scrape_configs: [{ job_name: 'cascade', static_configs: [{ targets: [`127.0.0.1:${scraped}`] }] }] };
    writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config)); // JSON is YAML
    const child = spawn('prometheus', [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'], { stdio: ['ignore', 'ignore', 'inherit'] });
    const prometheus = new RunningPrometheus(child, `http://127.0.0.1:${port}`);
    await untilTrue(async () => (await fetch(`${prometheus.origin}/-/ready`).catch(() => undefined))?.ok === true, 'Prometheus', 60_000);
    // What was counted before the first look has no growth: nothing is asked for until then.
    await untilTrue(() => prometheus.hasData('up == 1'), 'its first look', 60_000);
    return prometheus;
  }

  /** Whether a query of a panel gave a number at any moment since the beginning. */
  async hasData(query: string): Promise<boolean> {
    const text = query.replaceAll('$__rate_interval', '10s').replaceAll('$__range', '5m');
    const parameters = new URLSearchParams({ query: text, start: String(this.#begin / 1_000), end: String(Date.now() / 1_000), step: '1' });
    const { data } = await (await fetch(`${this.origin}/api/v1/query_range?${parameters.toString()}`)).json() as Answer;
    return data.result.some(({ values }) => values.some(([, value]) => Number.isFinite(Number(value))));
  }

  /** Names of the alerts that fire or are about to. */
  async alerting(): Promise<string[]> {
    const { data } = await (await fetch(`${this.origin}/api/v1/alerts`)).json() as { data: { alerts: readonly { labels: { alertname: string } }[] } };
    return data.alerts.map(({ labels }) => labels.alertname);
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
