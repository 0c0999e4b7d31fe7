import { terminal, type CascadeError } from '@cascade/contracts';

export const dependenciesFailed = (message: string, tail = '', findings: readonly string[] = []): CascadeError =>
  terminal('CASC_DEPENDENCIES_FAILED', tail === '' ? message : `${message}\n${tail}`, {
    advice: 'Make the dependencies installable from a registry without install scripts, e.g. `npm ci --ignore-scripts` or `pip install --only-binary=:all:`.',
    ...(findings.length === 0 ? {} : { findings }),
  });
