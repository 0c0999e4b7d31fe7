import { describe, expect, it } from '@jest/globals';
import type { Predictor } from '@cascade/contracts';
import { renderAnswer } from './chat-adapter.js';
import { predict, type LanguageModel } from './predict.js';
import { bestOfN, refine } from './refine.js';

const predictor: Predictor = {
  name: 'implement', strategy: 'predict', demos: [],
  signature: {
    name: 'Implement', instructions: 'Write it.',
    inputs: [{ name: 'task', description: 'what', type: { kind: 'string' } }],
    outputs: [{ name: 'files', description: 'the files', type: { kind: 'files' } }],
  },
  constraints: [
    { id: 'paths', field: 'files', op: 'everyPathIn', paths: ['a.js'], message: 'Write only allowed files', severity: 'assert' },
    { id: 'some', field: 'files', op: 'minItems', value: 1, message: 'Write a file', severity: 'assert' },
  ],
};
const answer = (path: string, text = 'x\n'): string => renderAnswer(predictor, { files: [{ kind: 'whole', path, text }] });
function scripted(answers: readonly string[]): { model: LanguageModel; asked: string[] } {
  const asked: string[] = [];
  return { asked, model: async (_system, user) => answers[asked.push(user) - 1] ?? '' };
}
const { signal } = new AbortController();

describe('predict', () => {
  it('sends problems back until the answer is usable, with only the last answer in view', async () => {
    const { model, asked } = scripted(['no fields at all', answer('secret.js'), answer('a.js')]);
    const prediction = await predict(predictor, { task: 't' }, { model, signal });
    expect(prediction).toEqual({ values: { files: [{ kind: 'whole', path: 'a.js', text: 'x\n' }] }, answers: 3, suggestions: [] });
    expect(asked[1]).toContain('Field `files` is missing');
    expect(asked[2]).toContain('not allowed: secret.js; allowed: a.js');
    expect(asked[2]).not.toContain('no fields at all');
  });

  it('gives up after three unusable answers with their problems', async () => {
    const { model, asked } = scripted([]);
    await expect(predict(predictor, { task: 't' }, { model, signal })).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_PROGRAM_ANSWER_INVALID' });
    expect(asked).toHaveLength(3);
  });

  it('fails on an unknown host check and passes values to a known one', async () => {
    const hosted: Predictor = { ...predictor, constraints: [{ id: 'h', field: 'files', op: 'host', name: 'noTabs', message: 'Tabs', severity: 'assert' }] };
    const ask = (predicates: Record<string, () => true | string>) => predict(hosted, { task: 't' }, { model: scripted([answer('a.js'), answer('a.js'), answer('a.js')]).model, signal, predicates });
    await expect(ask({})).rejects.toMatchObject({ code: 'CASC_PREDICATE_UNKNOWN' });
    await expect(ask({ noTabs: () => 'line 3' })).rejects.toThrow('Tabs: line 3');
    await expect(ask({ noTabs: () => true })).resolves.toMatchObject({ answers: 1 });
  });

  it('asks nothing after an abort', async () => {
    const { model, asked } = scripted([answer('a.js')]);
    await expect(predict(predictor, { task: 't' }, { model, signal: AbortSignal.abort(new RangeError('stop')) })).rejects.toThrow('stop');
    expect(asked).toEqual([]);
  });
});

describe('search', () => {
  const options = (answers: readonly string[], scores: readonly number[]) => {
    const { model, asked } = scripted(answers);
    let rewarded = 0;
    return { asked, options: { attempts: 4, inputs: () => ({ task: 't' }), context: () => ({ model, signal }), reward: async () => { const score = scores[rewarded++] ?? 0; return { score, feedback: `score was ${score}` }; } } };
  };

  it('refine gives each attempt what happened to the last, and stops when it is right', async () => {
    const { asked, options: search } = options([answer('a.js', '1\n'), answer('a.js', '2\n'), answer('a.js', '3\n')], [0.5, 1]);
    await expect(refine(predictor, search)).resolves.toMatchObject({ attempts: 2, best: { score: 1, attempt: 2 } });
    expect(asked[0]).not.toContain('hint');
    expect(asked[1]).toContain('[[ ## hint ## ]]\nscore was 0.5');
  });

  it('bestOfN keeps the best and never hints', async () => {
    const { asked, options: search } = options(Array.from({ length: 4 }, (_, n) => answer('a.js', `${n}\n`)), [0.2, 0.8, 0.4, 0.8]);
    await expect(bestOfN(predictor, search)).resolves.toMatchObject({ attempts: 4, best: { score: 0.8, attempt: 2 } });
    expect(asked.join()).not.toContain('hint');
  });

  it('counts an attempt without a usable answer and goes on', async () => {
    const { options: search } = options(['', '', '', answer('a.js')], [1]);
    await expect(refine(predictor, search)).resolves.toMatchObject({ attempts: 2, best: { attempt: 2 } });
  });
});
