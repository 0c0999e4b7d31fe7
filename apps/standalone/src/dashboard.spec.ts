import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { priceList, redisCli, removeTemporaryFolders, untilTrue } from '@cascade/testing';
import type { Page } from 'playwright-core';
import { chromiumPath, DashboardBench } from './testing/dashboard-bench.js';

jest.setTimeout(900_000);

if (chromiumPath === undefined) process.stdout.write('not run on this machine, where there is no Chromium: the dashboard in a browser\n');
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

/** Text that would do something wherever it is taken for HTML or for an address. */
const hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> [link](javascript:window.hacked=1)';

inBrowser('the dashboard in a browser', () => {
  let bench: DashboardBench;
  let page: Page;
  beforeAll(async () => { bench = await DashboardBench.start(); });
  afterAll(async () => {
    await bench?.stop();
    removeTemporaryFolders();
  });

  const focused = async (): Promise<string> => (await page.evaluate<string>('(document.activeElement?.closest("label") ?? document.activeElement)?.textContent ?? ""')).trim();
  const tabTo = async (text: string): Promise<void> => {
    for (let presses = 0; presses < 40 && await focused() !== text; presses += 1) await page.keyboard.press('Tab');
    expect(await focused()).toBe(text);
  };
  const goTo = async (hash: string): Promise<void> => { await page.evaluate(`location.hash = ${JSON.stringify(hash)}`); };

  it('asks for a token once, says when it is a wrong one, and begins empty', async () => {
    page = await bench.open();
    const dialog = page.getByRole('dialog', { name: 'A token is needed' });
    await dialog.getByLabel('Token').fill('wrong');
    await page.keyboard.press('Enter');
    await dialog.getByText('The token is unknown here.').waitFor();
    expect(await bench.accessibilityProblems(page)).toEqual([]);
    await dialog.getByLabel('Token').fill(bench.token);
    await page.keyboard.press('Enter');
    await page.getByText('No cascade yet').waitFor();
    expect(page.url()).not.toContain(bench.token);
    expect(await page.evaluate('[sessionStorage.length, localStorage.length, document.cookie]')).toEqual([1, 0, '']);
  });

  it('starts a cascade with the keyboard alone', async () => {
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to content');
    await tabTo('New cascade');
    await page.keyboard.press('Enter');
    await page.getByLabel('What should change').waitFor();
    await page.keyboard.insertText(priceList.request);
    await page.keyboard.press('Tab');
    await page.keyboard.insertText(bench.repository.folder);
    await tabTo('the result');
    await page.keyboard.press('Space');
    await tabTo('Start');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Add discount codes to the till' }).waitFor();
    expect(await focused()).toBe('Add discount codes to the till');
  });

  it('follows it, also over a restart of the API, asks the person, and shows what came of it', async () => {
    await page.locator('.node', { hasText: 'T001' }).first().waitFor();
    await bench.stopApi();
    await page.getByText('API away').waitFor();
    await bench.startApi();
    await page.getByText('Live', { exact: true }).waitFor();
    const question = page.getByRole('region', { name: /^Question: approve\/merge/ });
    await question.getByText('May it go on?').waitFor();
    expect(await bench.accessibilityProblems(page)).toEqual([]);
    await question.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Completed', { exact: true }).first().waitFor();
    await page.getByText('8 of 8 merged').waitFor();
    expect(await page.locator('.tier.is-done').count()).toBe(4);
    await page.locator('.node[href$="T003"]').click();
    await page.getByText('9 tests went from red to green in 2 runs').waitFor();
    await page.locator('.diff .path', { hasText: 'src/allocation.js' }).waitFor();
    expect(await page.locator('.stories .gate').allTextContents()).toEqual(['Gate Pass', 'Gate Pass']);
  });

  it('shows what was said, written, changed and told', async () => {
    await page.getByRole('link', { name: 'Discussion' }).click();
    await page.getByText('product owner', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Files' }).click();
    await page.getByRole('link', { name: 'prd.md' }).click();
    await page.getByRole('heading', { name: 'Goals and Background Context' }).waitFor();
    await page.getByRole('link', { name: 'Changes' }).click();
    await page.locator('.diff .path', { hasText: 'src/receipt.js' }).waitFor();
    await page.getByRole('link', { name: 'Timeline' }).click();
    await page.getByText('result on branch cascade/1-discount-codes-at-the-till').waitFor();
    // Nothing was lost, and nothing told twice, while the API was away.
    const lines = Number(await redisCli(bench.server.url, 'xlen', redisKeys.timeline(new URL(page.url()).hash.split('/')[2]!)));
    expect(await page.locator('.timeline li').count()).toBe(lines);
  });

  it('shows texts of models and repositories as texts', async () => {
    const { id } = await bench.ask('POST', '/v1/cascades', { request: `${hostile} first\n\n${hostile}`, repository: bench.repository.folder }) as { id: string };
    await goTo(`#/cascades/${id}`);
    await page.getByText('Failed', { exact: true }).waitFor();
    await redisCli(bench.server.url, 'xadd', redisKeys.timeline(id), '*', 'at', new Date().toISOString(), 'service', hostile, 'line', JSON.stringify({ kind: 'notice', text: hostile }));
    await redisCli(bench.server.url, 'xadd', redisKeys.chat(id), '90-0', 'at', new Date().toISOString(), 'event', JSON.stringify({ type: 'said', message: { speaker: hostile, content: hostile } }));
    await page.getByText('The whole request').click();
    for (const [tab, place] of [['Discussion', '.said'], ['Overview', 'h1'], ['Timeline', '.timeline']] as const) {
      await page.getByRole('link', { name: tab }).click();
      await page.locator(place).first().waitFor();
      expect(await page.locator('main :is(img, script, a[href^="javascript"])').count()).toBe(0);
    }
    expect(await page.locator('h1').textContent()).toContain('<img src=x');
    expect(await page.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBeUndefined();
  });

  it('delivers a dead letter once more, and removes one', async () => {
    const asked = bench.model.holdNext(() => true);
    const { id } = await bench.ask('POST', '/v1/cascades', { request: priceList.request, repository: bench.repository.folder }) as { id: string };
    await asked;
    for (const entry of ['first', 'second']) {
      await redisCli(bench.server.url, 'xadd', 'dead:docs-indexer', '*', ...Object.entries({
        service: 'docs-indexer', stream: 'stream:docs.index_requested', entry_id: '1-1', code: 'CASC_DEFECT', attempts: '5', time: new Date().toISOString(), failed: '[]',
        problem: JSON.stringify({ code: 'CASC_DEFECT', kind: 'retryable', message: `${entry} ${hostile}` }), entry: JSON.stringify({ type: 'docs.index_requested', id: entry, correlationid: id, data: '{"repository":"/nowhere"}' }),
      }).flat());
    }
    await page.getByRole('link', { name: /^Streams/ }).click();
    await page.locator('.letter').nth(1).waitFor();
    expect(await bench.accessibilityProblems(page)).toEqual([]);
    await page.locator('.letter', { hasText: 'second' }).getByRole('button', { name: 'Drop' }).click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('Removed for good.').waitFor();
    await page.locator('.letter', { hasText: 'first' }).getByRole('button', { name: /^Retry/ }).click();
    await page.getByText('Delivered to docs-indexer once more.').waitFor();
    await untilTrue(async () => (await page.locator('.letter', { hasText: 'first' }).count()) === 0, 'the letter to go');
  });

  it('cancels one', async () => {
    await page.getByRole('link', { name: 'Cascades', exact: true }).first().click();
    await page.getByRole('button', { name: 'Running 1' }).click();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByLabel('Why (optional)').fill('not now');
    await page.keyboard.press('Enter');
    await page.getByText('The cascade is cancelled.').waitFor();
    await page.getByRole('button', { name: 'All 3' }).click();
    await page.getByText('Cancelled', { exact: true }).waitFor();
    expect(await bench.accessibilityProblems(page)).toEqual([]);
  });

  it('can be used in the dark and on a small screen, and breaks no rule of its own', async () => {
    const dark = await bench.open('dark', 390);
    await dark.getByRole('dialog').getByLabel('Token').fill(bench.token);
    await dark.keyboard.press('Enter');
    await dark.getByRole('link', { name: 'Add discount codes to the till' }).first().waitFor();
    const widest = (): Promise<number> => dark.evaluate<number>('document.documentElement.scrollWidth');
    expect([await bench.accessibilityProblems(dark), await widest()]).toEqual([[], 390]);
    await dark.locator('.row', { hasText: 'Completed' }).getByRole('link').first().click();
    await dark.getByText('8 of 8 merged').waitFor();
    expect([await bench.accessibilityProblems(dark), await widest()]).toEqual([[], 390]);
    // A title without a blank, and an error's code in the head of the page.
    await dark.evaluate('location.hash = "#/"');
    await dark.locator('.row', { hasText: 'Failed' }).getByRole('link').first().click();
    await dark.locator('h1', { hasText: '<script>' }).waitFor();
    expect(await widest()).toBe(390);
    await dark.evaluate('location.hash = "#/cascades/nope"');
    await dark.locator('header').getByText('CASC_CASCADE_UNKNOWN').waitFor();
    expect(await widest()).toBe(390);
    expect(bench.complaints).toEqual([]);
  });
});
