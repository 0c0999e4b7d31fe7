import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { isDeeperThan, MAX_DATA_DEPTH, parsePayload } from './payload.js';

type Tree = { readonly of?: Tree | undefined };
const tree: z.ZodType<Tree> = z.lazy(() => z.object({ of: tree.optional() }));
const nested = (levels: number): string => '{"of":'.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1);
const findings = (text: string, limit = 1_000_000): readonly string[] => {
  const payload = parsePayload(tree, text, limit);
  return 'findings' in payload ? payload.findings : [];
};

describe('a payload', () => {
  it('as deep as allowed is parsed; deeper ones never reach the parser or a recursive schema', () => {
    expect(findings(nested(MAX_DATA_DEPTH))).toEqual([]);
    for (const text of [nested(MAX_DATA_DEPTH + 1), nested(100_000), '['.repeat(100_000), '{"of":'.repeat(100_000)]) {
      expect(findings(text)).toEqual([`data: nested deeper than ${MAX_DATA_DEPTH} levels`]);
    }
  });

  it('is measured in bytes before anything else', () => {
    expect(findings('x'.repeat(16 * 1024 * 1024))).toEqual(['data: more than 1000000 bytes']);
    expect(findings('"ééé"', 7)).toEqual(['data: more than 7 bytes']);
  });

  it('is told every problem in lines of bounded length, whatever its fields are called', () => {
    const lines = parsePayload(z.record(z.string(), z.string()), JSON.stringify({ ['k'.repeat(100_000)]: 1, __proto__x: 2 }), 1_000_000);
    expect(lines).toEqual({ findings: [expect.stringMatching(/^data\.k{150}: /), expect.stringMatching(/^data\.__proto__x: /)] });
    expect(findings('{"of":')[0]).toMatch(/^data: is not JSON \(/);
  });

  it('counts brackets as JSON does: not those inside of strings', () => {
    const depthOf = (value: unknown): number => (typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0);
    const text = fc.string({ unit: fc.constantFrom('"', '\\', '[', '}', '{', 'a', 'é') });
    const json = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof({ maxDepth: 8 }, text, fc.integer(), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(text, tie('value'), { maxKeys: 3 })),
    })).value;
    fc.assert(fc.property(json, (value) => {
      const depth = depthOf(value);
      expect(isDeeperThan(JSON.stringify(value), depth)).toBe(false);
      if (depth > 0) expect(isDeeperThan(JSON.stringify(value), depth - 1)).toBe(true);
    }));
  });
});
