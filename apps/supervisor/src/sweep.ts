import { isTerminal, type Due } from '@cascade/state';

/** What is to be done about deadlines that passed. */
export type SweepAction =
  /** The cascade's time is over. */
  | { readonly kind: 'time-out'; readonly cascadeId: string; readonly deadline: number }
  /** Nothing hangs on this deadline any more. */
  | { readonly kind: 'forget'; readonly member: string }
  | { readonly kind: 'expire-agent'; readonly agentId: string; readonly deadline: number }
  /** The cascade's deadline has moved, and the agent's with it. */
  | { readonly kind: 'follow'; readonly agentId: string; readonly deadline: number };

/** Decides from what is due alone, without a clock or a connection of its own. */
export function decideSweep({ now, deadlines }: Due): SweepAction[] {
  return deadlines.filter(({ deadline }) => deadline <= now).map((due): SweepAction => {
    if (due.kind === 'cascade') {
      return due.state === undefined || isTerminal(due.state)
        ? { kind: 'forget', member: due.id }
        : { kind: 'time-out', cascadeId: due.id, deadline: due.deadline };
    }
    const follows = !due.hasOwnTime && due.cascadeDeadline !== undefined && due.cascadeDeadline > now;
    return follows
      ? { kind: 'follow', agentId: due.id, deadline: due.cascadeDeadline }
      : { kind: 'expire-agent', agentId: due.id, deadline: due.deadline };
  });
}
