import type { RunnerAdapter } from '../run/runner-adapter.js';

const MAX_MESSAGE = 4000;

/** A runner that we cannot read: its exit code is the only test. */
export const command: RunnerAdapter = {
  argv: ({ plan }) => [...plan.command],
  parse: ({ exitCode, stdout, stderr }, plan) => {
    const name = plan.command.join(' ');
    if (exitCode === 0) return { cases: [{ name, status: 'passed' }], loadErrors: [] };
    const message = `exit code ${exitCode}\n${`${stdout}\n${stderr}`.trim().slice(-MAX_MESSAGE)}`;
    return { cases: [{ name, status: 'failed', failure: { kind: 'error', message } }], loadErrors: [] };
  },
};
