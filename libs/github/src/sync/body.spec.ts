import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { blockTicks, composeBody, parseBody, peopleText } from './body.js';
import { canonicalText, canonicalTitle, MAX_TITLE } from './canonical-text.js';
import { MAX_BODY, type ManagedBlock } from './managed-block.js';
import { Marks } from './marks.js';
import { blocklessArbitrary, key, marks, otherKey, peopleArbitrary, stranger } from './testing/body-arbitraries.js';

const block: ManagedBlock = { head: '**Epic 1**', sections: ['### Requirements\n\n- [ ] **FR1** one\n- [ ] **FR2** two', 'last'], documentPath: '`docs/a.md`', items: ['FR1', 'FR2'] };
const compose = (before: string, after: string, ticks: readonly string[] = []) => composeBody({ before, after }, block, ticks, key, marks);

describe('canonical texts', () => {
  it('are idempotent for any text', () => {
    fc.assert(fc.property(fc.oneof(peopleArbitrary, fc.string({ unit: 'binary' })), (text) => {
      expect(canonicalText(canonicalText(text))).toBe(canonicalText(text));
      const title = canonicalTitle(text);
      expect(canonicalTitle(title)).toBe(title);
      expect(title.length).toBeLessThanOrEqual(MAX_TITLE);
      expect(title.trim()).not.toBe('');
    }), { numRuns: 300 });
  });

  it('do not slow down on hostile lengths', () => {
    expect(canonicalText(`${' '.repeat(65_000)}x`)).toHaveLength(65_001);
    expect(canonicalTitle(`${' '.repeat(65_000)}x`)).toBe('x');
  });
});

describe('an issue\'s body', () => {
  it('gives people\'s text back whatever they wrote around the block, and is a fixpoint', () => {
    fc.assert(fc.property(blocklessArbitrary, peopleArbitrary, fc.subarray(['FR1', 'FR2']), (before, after, ticks) => {
      const written = compose(before, after, ticks);
      const parsed = parseBody(written.body, key, marks);
      expect(parsed.block).toEqual({ text: written.block, isIntact: true, isMarked: true });
      expect(parsed.hasMarker).toBe(true);
      expect([...blockTicks(parsed)].filter(([, ticked]) => ticked).map(([id]) => id)).toEqual(ticks);
      expect(peopleText(parsed)).toBe(peopleText({ before, after }));
      expect(parsed.before.startsWith(before)).toBe(true);
      expect(parsed.after.trimEnd().endsWith(after.trimEnd())).toBe(true);
      expect(compose(parsed.before, parsed.after, ticks).body).toBe(written.body);
    }), { numRuns: 500 });
  });

  it('keeps every line of people\'s text when it is written again, however the marks were cut, doubled and nested', () => {
    fc.assert(fc.property(peopleArbitrary, (text) => {
      const parsed = parseBody(text, key, marks);
      const written = compose(parsed.before, parsed.after);
      const again = parseBody(written.body, key, marks);
      expect(peopleText(again)).toBe(peopleText(parsed));
      expect(again.block?.isIntact).toBe(true);
      expect(compose(again.before, again.after).body).toBe(written.body);
    }), { numRuns: 500 });
  });

  it.each([
    ['the opening mark cut', (body: string) => body.replace(/<!-- cascade:begin.*?-->\n/, '')],
    ['the closing mark cut', (body: string) => body.replace(/<!-- cascade:end.*?-->/, '')],
    ['both cut', (body: string) => body.replace(/<!-- cascade:(?:begin|end).*?-->/g, '')],
  ])('finds the block by what was written last: %s', (_name, damage) => {
    const { body, block: last } = compose('above\n', '\nbelow');
    const damaged = damage(body).replaceAll('\n', '\r\n');
    expect(peopleText(parseBody(damaged, key, marks, [last]))).toBe('above\n\nbelow');
    expect(parseBody(damaged, key, marks, [last]).block).toEqual({ text: last, isIntact: true, isMarked: false });
    expect(peopleText(parseBody(damaged, key, marks))).toContain(last);
  });

  it('tells what somebody wrote into the block from ticks', () => {
    const { body } = compose('', '');
    expect(parseBody(body.replace('- [ ] **FR1**', '- [x] **FR1**'), key, marks).block?.isIntact).toBe(true);
    expect(parseBody(body.replaceAll('\n', '\r\n'), key, marks).block?.isIntact).toBe(true);
    expect(parseBody(body.replace('one', 'none'), key, marks).block?.isIntact).toBe(false);
  });

  it('takes neither forged nor foreign nor copied marks for its own', () => {
    const { body } = compose('', 'mine');
    for (const [copied, ofKey, by] of [[body, otherKey, marks], [body, key, stranger]] as const) {
      expect(parseBody(copied, ofKey, by)).toEqual({ before: '', after: body, block: undefined, hasMarker: false });
    }
    expect(marks.issuesIn(`${body}\n${marks.issue(otherKey)}\n${body}`)).toEqual([key, otherKey]);
    expect(marks.issuesIn(body.replace(/sig=./, (start) => (start === 'sig=0' ? 'sig=1' : 'sig=0')))).toEqual([]);
    expect(marks.issuesIn(marks.comment(key))).toEqual([]);
    expect(marks.isOf(key, body.replace(marks.issue(key), ''))).toBe(true);
    expect(marks.isOf(otherKey, body)).toBe(false);
  });

  it('shortens Cascade\'s part alone, from its end, and says so', () => {
    const long: ManagedBlock = { ...block, sections: ['first', 'x'.repeat(2000)] };
    const people = 'p'.repeat(MAX_BODY - 1500);
    const { body } = composeBody({ before: '', after: people }, long, [], key, marks);
    expect(body.length).toBeLessThanOrEqual(MAX_BODY);
    expect(body).toContain(people);
    expect(parseBody(body, key, marks).block?.text).toBe('**Epic 1**\n\nfirst\n\n_Shortened; the whole is in `docs/a.md`._');
  });

  it('refuses by name when people\'s text leaves no room', () => {
    expect(() => compose('', 'p'.repeat(MAX_BODY - 100))).toThrow(expect.objectContaining({ code: 'CASC_GITHUB_BODY_TOO_LONG' }));
  });

  it('never passes GitHub\'s bound', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: MAX_BODY }), (length) => {
      try {
        expect(compose('', 'p'.repeat(length)).body.length).toBeLessThanOrEqual(MAX_BODY);
      } catch (error) {
        expect(error).toMatchObject({ code: 'CASC_GITHUB_BODY_TOO_LONG' });
      }
    }), { numRuns: 50 });
  });
});

describe('a marker', () => {
  it('carries any identity and lets none out of its comment', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }).filter((id) => id.isWellFormed()), (id) => {
      const marker = marks.issue(id);
      expect(marks.issuesIn(`x${marker}y`)).toEqual([id]);
      expect(marker.slice(4, -3)).not.toMatch(/[<>\s]-|--|>|\n/);
      expect(marks.commentsIn(marks.comment(id))).toEqual([id]);
    }), { numRuns: 200 });
  });

  it('has bounds and needs a secret', () => {
    expect(() => marks.issue('k'.repeat(4001))).toThrow(expect.objectContaining({ code: 'CASC_GITHUB_MARKER_INVALID' }));
    expect(() => marks.issue('')).toThrow(expect.objectContaining({ code: 'CASC_GITHUB_MARKER_INVALID' }));
    expect(() => new Marks('')).toThrow(expect.objectContaining({ code: 'CASC_GITHUB_MARKER_SECRET' }));
  });
});
