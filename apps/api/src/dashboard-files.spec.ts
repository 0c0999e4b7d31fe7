import { request as httpRequest } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { removeTemporaryFolders, temporaryFolder } from '@cascade/testing';
import { PAGE_POLICY } from './dashboard.controller.js';
import { ApiBench } from './testing/api-bench.js';

/** All that a browser loads, in bytes as they travel. */
const MAX_PACKED_BYTES = 60_000;

const source = fileURLToPath(new URL('./dashboard', import.meta.url));
let bench: ApiBench;
beforeAll(async () => { bench = await ApiBench.start({ needsToken: false }); });
afterAll(async () => {
  await bench?.stop();
  removeTemporaryFolders();
});

const get = async (address: string, headers: Record<string, string> = {}): Promise<{ status: number; headers: Record<string, unknown>; bytes: number }> => await new Promise((resolve, reject) => {
  httpRequest(`${bench.origin}${address}`, { headers }, (response) => {
    let bytes = 0;
    response.on('data', (chunk: Buffer) => { bytes += chunk.length; }).on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes }));
  }).on('error', reject).end();
});

it('is smaller than it may be, and needs nothing from anywhere else', async () => {
  const { bundlePage } = await import(new URL('../../../tools/page.mjs', import.meta.url).href) as { bundlePage(source: string, target: string): Promise<void> };
  const folder = temporaryFolder('page');
  await bundlePage(source, folder);
  const files = readdirSync(folder).map((name) => ({ name, bytes: readFileSync(path.join(folder, name)) }));
  expect(files.map(({ name }) => name).toSorted()).toEqual(['app.css', 'app.js', 'icon.svg', 'index.html']);
  expect(files.reduce((sum, { bytes }) => sum + gzipSync(bytes, { level: 9 }).length, 0)).toBeLessThan(MAX_PACKED_BYTES);
  const html = files.find(({ name }) => name === 'index.html')!.bytes.toString();
  expect(html).not.toMatch(/https?:|<style|style=|<script(?![^>]*src=)|onclick/);
  expect(files.find(({ name }) => name === 'app.css')!.bytes.toString()).not.toMatch(/@import|url\(/);
});

it('is served packed where that is taken, with a policy that lets nothing else in', async () => {
  for (const [address, type] of [['/', 'text/html; charset=utf-8'], ['/dashboard/app.js', 'text/javascript; charset=utf-8'], ['/dashboard/app.css', 'text/css; charset=utf-8'], ['/dashboard/icon.svg', 'image/svg+xml']] as const) {
    const [plain, packed] = [await get(address), await get(address, { 'accept-encoding': 'br, gzip' })];
    expect([address, plain.status, plain.headers['content-type'], plain.headers['content-security-policy'], plain.headers['content-encoding']]).toEqual([address, 200, type, PAGE_POLICY, undefined]);
    expect([packed.headers['content-encoding'], packed.bytes < plain.bytes]).toEqual(['gzip', true]);
  }
  expect(PAGE_POLICY).not.toContain('unsafe');
  expect((await get('/dashboard/main.tsx')).status).toBe(400);
  expect((await get('/dashboard/..%2f..%2fpackage.json')).status).toBe(400);
});

it('may be linked to from other sites, what it shows may not be asked for by them', async () => {
  const fromElsewhere = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  expect([(await get('/', fromElsewhere)).status, (await get('/v1/cascades', fromElsewhere)).status]).toEqual([200, 403]);
  expect((await get('/', { host: 'evil.example' })).status).toBe(403);
});
