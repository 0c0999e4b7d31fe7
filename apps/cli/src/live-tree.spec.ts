import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Progress } from '@cascade/contracts';
import { LiveTree } from './live-tree.js';
import { ProgressModel } from './progress-model.js';
import { sampleRecord } from './testing/sample-record.js';

/** A terminal of the given size that keeps what is written to it. */
function terminalOf(columns: number, rows: number): { stream: NodeJS.WriteStream; text(): string } {
  const stream = Object.assign(new PassThrough(), { columns, rows, isTTY: true });
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => stripVTControlCharacters(String(stream.read() ?? '')) };
}

/** The rows that the tree of a model leaves behind: its last frame, without the timers. */
async function lastFrame(model: ProgressModel, columns = 100, rows = 30): Promise<string[]> {
  const terminal = terminalOf(columns, rows);
  const tree = new LiveTree(model, terminal.stream);
  tree.update();
  await tree.close();
  const text = terminal.text();
  return text.slice(text.lastIndexOf('0 stories') - 2).trimEnd().split('\n').map((row) => row.replace(/ \[[\d.smh]+\]$/, '').trimEnd());
}

const line = (service: string, progress: Progress) => ({ at: '', service, line: progress });

describe('LiveTree', () => {
  it('shows tiers with their latest line, and tasks with their status', async () => {
    const model = new ProgressModel();
    model.record = sampleRecord({ state: 'completed', tier: 3 });
    model.apply(line('agent-00-stories', { kind: 'round', text: 'round 1' }));
    model.apply(line('agent-00-stories', { kind: 'tier', text: '2 stories approved' }));
    model.apply(line('agent-30-execution', { kind: 'task', taskId: 'T002', status: 'integrated', text: 'is in the result' }));
    model.apply(line('agent-30-execution', { kind: 'task', taskId: 'T001', status: 'red', text: '4 tests are red' }));
    expect(await lastFrame(model)).toEqual([
      '✔ 0 stories    2 stories approved', '✔ 1 specs', '✔ 2 programs', '✔ 3 execution',
      '  ✔ T001 red           4 tests are red', '  ✔ T002 integrated    is in the result', '  ✔ result',
    ]);
  });

  it('marks the tier in which a cascade failed, and does not start the next', async () => {
    const model = new ProgressModel();
    model.record = sampleRecord({ state: 'failed', tier: 1 });
    const frame = await lastFrame(model);
    expect(frame.slice(0, 2)).toEqual(['✔ 0 stories', '✖ 1 specs']);
    expect(frame.join('\n')).not.toMatch(/[✔✖] 2 programs/);
  });

  it('does not say that an interrupted task is done', async () => {
    const model = new ProgressModel();
    model.record = sampleRecord({ state: 'running', tier: 3 });
    model.apply(line('agent-30-execution', { kind: 'task', taskId: 'T001', status: 'implementing', text: 'run 1' }));
    const frame = (await lastFrame(model)).join('\n');
    expect(frame).toContain('T001 implementing');
    expect(frame).not.toMatch(/✔ (?:T001|3 execution)/);
  });

  it('draws no row wider than the terminal', async () => {
    const model = new ProgressModel();
    model.record = sampleRecord({ state: 'completed', tier: 3 });
    model.apply(line('agent-30-execution', { kind: 'task', taskId: 'T001', status: 'integrated', text: 'x'.repeat(200) }));
    expect(Math.max(...(await lastFrame(model, 60)).map((row) => row.length))).toBeLessThanOrEqual(60);
  });
});
