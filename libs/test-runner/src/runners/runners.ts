import type { TestPlan } from '@cascade/contracts';
import type { RunnerAdapter } from '../run/runner-adapter.js';
import { command } from './command.js';
import { jest } from './jest.js';
import { nodeTest } from './node-test.js';
import { pytest } from './pytest.js';
import { unittest } from './unittest.js';
import { vitest } from './vitest.js';

export const runners: Readonly<Record<TestPlan['runner'], RunnerAdapter>> = { 'node-test': nodeTest, jest, vitest, pytest, unittest, command };
