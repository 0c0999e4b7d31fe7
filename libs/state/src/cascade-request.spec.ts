import { expect, it } from '@jest/globals';
import { firstFields, requestOf } from './cascade-request.js';

it('gives back the request that a record was made of', () => {
  const request = {
    request: 'Add codes', repository: '/srv/shop', branch: 'main', epicName: 'codes', testCommand: 'npm test', budget: { tokens: 5, usd: 0.5 }, tenant: 'shop', deadlineMinutes: 7.5,
    deadlineWhileWaiting: 'run' as const, clarifications: 'ask' as const, priority: 'HIGH' as const, approve: ['stories' as const, 'merge' as const],
  };
  expect(requestOf(firstFields(request, 0, 60_000))).toEqual(request);
  expect(requestOf(firstFields({ request: 'Add codes', repository: '/srv/shop' }, 0, 60_000))).toEqual({ request: 'Add codes', repository: '/srv/shop', tenant: 'default', deadlineWhileWaiting: 'pause' });
});
