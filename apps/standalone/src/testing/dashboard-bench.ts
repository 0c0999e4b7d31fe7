import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ApiConfig, startApi, type RunningApi } from '@cascade/api';
import { AccessTokens, readHostConfig } from '@cascade/service-host';
import { priceList, RecordedModel, startTestRedis, temporaryHome, type SampleRepository, type TestRedis } from '@cascade/testing';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startStandalone, type Standalone } from '../standalone.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Debian's, or the one that `CASCADE_CHROMIUM` names. */
export const chromiumPath = process.env['CASCADE_CHROMIUM'] ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** A running system with the model's recorded answers, an API that asks for tokens and can be restarted, and a browser. */
export class DashboardBench {
  /** What the browser complained about: errors of the page, and what its policy refused. */
  readonly complaints: string[] = [];

  private constructor(readonly server: TestRedis, readonly model: RecordedModel, readonly repository: SampleRepository, private readonly standalone: Standalone, readonly token: string, private readonly browser: Browser, private readonly env: NodeJS.ProcessEnv, private api: RunningApi, private readonly tokens: string) {}

  static async start(): Promise<DashboardBench> {
    const [server, model] = await Promise.all([startTestRedis(), RecordedModel.start(priceList.recording)]);
    const [repository, home] = [priceList.repository(), temporaryHome()];
    const { CASCADE_API_PORT: _, ...env }: NodeJS.ProcessEnv = { ...process.env, ...model.env, ...home, REDIS_URL: server.url };
    const tokens = path.join(home.CASCADE_HOME, 'tokens.json');
    const token = await new AccessTokens(tokens).create('operator', 'admin');
    const [standalone, browser, api] = await Promise.all([startStandalone(env), chromium.launch({ executablePath: chromiumPath!, args: flags }), startApi(readHostConfig(env), new ApiConfig(0, '127.0.0.1', true, tokens))]);
    return new DashboardBench(server, model, repository, standalone, token, browser, env, api, tokens);
  }

  async open(colorScheme: 'light' | 'dark' = 'light', width = 1280): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.setDefaultTimeout(400_000);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    // What a request answers is the page's to show; a browser also writes a line about each that failed.
    page.on('console', (message) => { if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) this.complaints.push(message.text()); });
    await page.goto(`http://127.0.0.1:${this.api.port}/`);
    return page;
  }

  async stopApi(): Promise<void> {
    await this.api.stop();
  }

  /** At the address where it was. */
  async startApi(): Promise<void> {
    this.api = await startApi(readHostConfig(this.env), new ApiConfig(this.api.port, '127.0.0.1', true, this.tokens));
  }

  async ask(method: string, address: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(`http://127.0.0.1:${this.api.port}${address}`, { method, headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return await response.json() as Record<string, unknown>;
  }

  /** What axe finds wrong with a page as it stands, in a line each. */
  async accessibilityProblems(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> } }).axe.run());
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`));
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await Promise.all([this.api.stop(), this.standalone.stop()]);
    await Promise.all([this.model.close(), this.server.stop()]);
  }
}
