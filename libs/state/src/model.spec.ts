import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { failOnLeaks, startTestRedis, type TestRedis } from '@cascade/testing';
import fc from 'fast-check';
import { empty, reduce, type Command, type Visible } from './testing/cascade-model.js';
import { ModelWorld } from './testing/model-world.js';

/** `npm run chaos -- model` runs 10,000. */
const RUNS = Number(process.env['MODEL_RUNS'] ?? 100);
/** The same every time unless given: what fails in CI fails here too. */
const seed = Number(process.env['MODEL_SEED'] ?? 20_261_122);

const at = fc.nat({ max: 20 });
const name = fc.nat({ max: 2 });
const handling = (...kinds: ('step' | 'stepTwiceAtOnce' | 'hang' | 'effect' | 'ask')[]): fc.Arbitrary<Command> => fc.record({ do: fc.constantFrom(...kinds), at, name });
const deliver: fc.Arbitrary<Command> = fc.record({ do: fc.constant('deliver' as const), event: fc.nat({ max: 3 }), copies: fc.integer({ min: 1, max: 5 }) });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: deliver },
  { weight: 8, arbitrary: handling('step', 'stepTwiceAtOnce', 'hang', 'effect', 'ask') },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('finish' as const, 'finishTwiceAtOnce' as const), at }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('draw' as const), at, stale: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('fail' as const, 'complete' as const), at }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer' as const), event: fc.nat({ max: 3 }), name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'timeOut' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'zombie' as const, 'cleanUp' as const, 'accept' as const) }) },
);
const story = fc.tuple(deliver, fc.array(command, { minLength: 3, maxLength: 24, size: 'max' })).map(([first, rest]): Command[] => [{ do: 'accept' }, first, ...rest]);

/** The parts of the model that can be seen, in an order that does not matter. */
const seen = ({ state, pending, journal, effects, parked, answered, published, version, cleaned }: Visible): object =>
  ({ state, pending, journal, effects: effects.toSorted(), parked, answered: answered.toSorted(), published: published.toSorted(), version, cleaned });

failOnLeaks();

describe(`a cascade in Redis (MODEL_SEED=${seed})`, () => {
  let server: TestRedis;
  beforeAll(async () => { server = await startTestRedis(); });
  afterAll(() => server.stop());

  it(`is what the pure model says, after every command of ${RUNS} random stories`, async () => {
    await fc.assert(fc.asyncProperty(story, async (commands) => {
      const world = await ModelWorld.start(server.url);
      try {
        let model = empty;
        for (const next of commands) {
          await world.apply(next, model);
          model = reduce(model, next);
          expect(seen(await world.view())).toEqual(seen(model));
        }
      } finally {
        await world.stop();
      }
    }), { numRuns: RUNS, seed, endOnFailure: false });
  }, Math.max(120_000, RUNS * 300));
});
