import { describe, expect, it } from '@jest/globals';
import { screenLogger } from './screen-logger.js';
import { recordedScreen } from './testing/recorded-screen.js';

describe('screenLogger', () => {
  it('tells one notice for the same trouble of several services, and no stack', () => {
    const screen = recordedScreen();
    const logger = screenLogger(screen, {});
    logger.warn('supervisor: connect ECONNREFUSED; trying again', 'Server');
    logger.warn('git-worker: connect ECONNREFUSED; trying again', 'Server');
    logger.error('CASC_DEFECT while handling x', 'Error: x\n    at y.ts:1', 'Server');
    logger.log('is running');
    expect(screen.noticeLines).toEqual(['Services: connect ECONNREFUSED; trying again', 'Services: CASC_DEFECT while handling x']);
    expect(screen.dataLines).toEqual([]);
  });

  it('shows stacks when CASCADE_DEBUG asks for them', () => {
    const screen = recordedScreen();
    screenLogger(screen, { CASCADE_DEBUG: '1' }).error('broken', 'Error: x\n    at y.ts:1');
    expect(screen.noticeLines.join('\n')).toContain('at y.ts:1');
  });
});
