/** What a process's connection is called on which it waits for work: operators and `readPresence` know services by it. */
export const waitingName = {
  of: (consumer: string): string => `${consumer}-waiting`,
  isOf: (service: string, name: string): boolean => name.startsWith(`${service}-`) && name.endsWith('-waiting'),
};
