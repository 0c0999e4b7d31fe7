import { expect, it } from '@jest/globals';
import { within } from './within.js';

it('gives what work gives in time, and else what is said of late work, whose failure then disturbs nobody', async () => {
  expect(await within(60_000, Promise.resolve(1), () => 'late')).toBe(1);
  await expect(within(60_000, Promise.reject(new TypeError('failed')), () => 'late')).rejects.toThrow('failed');
  const { promise, reject } = Promise.withResolvers<never>();
  expect(await within(1, promise, () => 'late')).toBe('late');
  await expect(within(1, promise, () => { throw new RangeError('too late'); })).rejects.toThrow('too late');
  reject(new TypeError('nobody hears this'));
});
