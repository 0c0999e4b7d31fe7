import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { SeenIssue } from '@cascade/github-fake';
import { failOnLeaks, priceList, RecordedModel, removeTemporaryFolders, startTestRedis, temporaryFolder, temporaryHome, untilTrue, type TestRedis } from '@cascade/testing';
import { startStandalone, type Standalone } from './standalone.js';
import { startPriceListOnGitHub, type PriceListOnGitHub } from './testing/price-list-on-github.js';

jest.setTimeout(600_000);
failOnLeaks();

const fakeBut = fileURLToPath(new URL('../../../libs/git/src/testing/fake-but/but.mjs', import.meta.url));
const pathBefore = process.env['PATH'];

describe('a cascade on GitHub', () => {
  let server: TestRedis;
  let model: RecordedModel;
  let sample: PriceListOnGitHub;
  let standalone: Standalone;

  beforeAll(async () => {
    [server, model, sample] = await Promise.all([startTestRedis(), RecordedModel.start(priceList.recording), startPriceListOnGitHub()]);
    const programs = temporaryFolder('but');
    symlinkSync(fakeBut, path.join(programs, 'but'));
    process.env['PATH'] = `${programs}${path.delimiter}${pathBefore ?? ''}`;
    standalone = await startStandalone({ ...process.env, ...model.env, ...sample.env, ...temporaryHome(), REDIS_URL: server.url, CASCADE_WORKSPACE_DRIVER: 'gitbutler', CASCADE_COMMIT_MESSAGES: 'plain' });
  });
  afterAll(async () => {
    await standalone.stop();
    await Promise.all([model.close(), server.stop(), sample.github.close()]);
    process.env['PATH'] = pathBefore;
    removeTemporaryFolders();
  });

  const seen = (): readonly SeenIssue[] => sample.github.look(sample.address);
  const labelled = (label: string): readonly SeenIssue[] => seen().filter(({ labels }) => labels.includes(label));

  it('is asked by a label, tells of its work in issues, answers a comment, and gives GitButler\'s branches and a pull request', async () => {
    const { github, address } = sample;
    const ada = github.asPerson('ada');
    const [title = '', ...body] = priceList.request.split('\n\n');
    const { number } = ada.createIssue({ repository: address, title, body: body.join('\n\n') });
    ada.addLabels({ repository: address, number, labels: ['cascade'] });
    await untilTrue(() => labelled('epic').length === 1, 'the issue of the epic', 400_000);
    const [epic] = labelled('epic');
    ada.comment({ repository: address, number: epic!.number, body: '/cascade status' });
    const isEnd = ({ labels, state }: SeenIssue): boolean => labels.includes('status:done') && state === 'closed';
    await untilTrue(() => ['epic', 'story', 'task', 'qa'].every((label) => labelled(label).length > 0 && labelled(label).every(isEnd)) && seen().some(({ isPullRequest, isDraft }) => isPullRequest && !isDraft), 'the end on GitHub', 400_000);

    expect([labelled('story').map(({ parent }) => parent), labelled('task').length]).toEqual([[epic!.number, epic!.number], 8]);
    const said = (at: number): string => seen().find((one) => one.number === at)!.comments.filter(({ author }) => author === 'cascade-bot').map((comment) => comment.body).join('\n');
    expect(said(epic!.number)).toMatch(/is (?:running in tier \d of 3|completed)/);
    expect(seen().filter(({ isPullRequest }) => isPullRequest)).toEqual([expect.objectContaining({ state: 'open', body: expect.stringContaining(`Closes #${number}`) as unknown as string })]);
    const branch = 'cascade/1-discount-codes-at-the-till';
    const stacked = ['1-1-t003', '1-1-t004', '1-2-t007', '1-2-t008'].map((unit) => `${branch}-story-${unit}`);
    expect([...github.branches(address).keys()].toSorted()).toEqual([branch, ...stacked, 'main'].toSorted());
  });
});
