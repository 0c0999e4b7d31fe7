import type { CascadeRecord } from '@cascade/state';

/** What `cascade` tells the shell; documented in docs/cli.md. */
export const exitCodes = {
  done: 0,
  /** Wrong arguments or settings, an unknown cascade, something missing on this machine: nothing was started. */
  usage: 2,
  failed: 3,
  timedOut: 4,
  cancelled: 5,
  waiting: 6,
  budget: 7,
  /** Ended by ^C; the cascade itself goes on with `cascade resume`. */
  interrupted: 130,
} as const;

/** How a followed cascade ended, as an exit code; `running` only when following was given up. */
export function exitCodeOfRecord(record: CascadeRecord): number {
  switch (record.state) {
    case 'completed': return exitCodes.done;
    case 'timed_out': return exitCodes.timedOut;
    case 'cancelled': return exitCodes.cancelled;
    case 'waiting': return exitCodes.waiting;
    case 'failed': return record.problem?.code === 'CASC_BUDGET_EXCEEDED' ? exitCodes.budget : exitCodes.failed;
    case 'running': return exitCodes.interrupted;
  }
}

/** Codes of errors that come before any work: what was asked for, or this machine's set-up, is not right. */
const beforeWork = /^CASC_(USAGE|MODEL_NOT_CONFIGURED|MODEL_CONFIG_INVALID|CONFIGURATION_INVALID|REDIS_\w+|SANDBOX_UNAVAILABLE|CASCADE_UNKNOWN|CASCADE_RUNNING|CASCADE_ENDED|QUESTION_UNKNOWN|QUESTION_ANSWERED|NOTHING_TO_SHOW|NOT_INDEXED|SYMBOL_\w+|DEAD_LETTER_UNKNOWN|DEAD_LETTER_AMBIGUOUS|EVENT_INVALID|GITHUB_NOT_CONFIGURED|LOCKED|NOT_A_REPOSITORY|REPOSITORY_(NOT_FOUND|UNSUPPORTED|HAS_CREDENTIALS))$/;

/** Also for the problem in a reply: what bears no code of ours is a failure. */
export function exitCodeOfError(error: unknown): number {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && beforeWork.test(code) && code !== 'CASC_REDIS_LOST' ? exitCodes.usage : exitCodes.failed;
}
