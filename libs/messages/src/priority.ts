/**
 * How urgent an event is, highest first: the lane that it travels in. CloudEvents extension attribute `priority`;
 * absent means NORMAL. What a handler publishes inherits the priority of its cause.
 */
export const priorities = ['CRITICAL', 'HIGH', 'NORMAL', 'LOW'] as const;
export type Priority = (typeof priorities)[number];

/** The priority that an entry's attribute names; NORMAL for everything else, which its reader refuses. */
export function priorityOf(attribute: string | undefined): Priority {
  return priorities.find((priority) => priority === attribute) ?? 'NORMAL';
}

/** The end of a lane's key: nothing for NORMAL. */
export const laneSuffix = (priority: Priority = 'NORMAL'): string => (priority === 'NORMAL' ? '' : `:${priority.toLowerCase()}`);
