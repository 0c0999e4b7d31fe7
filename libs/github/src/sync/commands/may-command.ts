import { permissions, type Permission } from '../../tracker/issue-tracker.js';
import type { Command } from './parse-command.js';

/** Who wrote a comment, or put a label on, as GitHub says it. */
export interface Commander {
  /** Ours: what Cascade writes commands nothing, whatever it quotes. */
  readonly isCascade: boolean;
  /** `sender.type` is `Bot`: other automations command nothing, so that no two of them go round in circles. */
  readonly isBot: boolean;
  /** What they may do in the repository; undefined where the tracker cannot tell. */
  readonly permission: Permission | undefined;
  /** GitHub's `author_association`: decides only where there is no permission to go by. */
  readonly association: string | undefined;
  /** The comment was changed after it was written, possibly by somebody else. */
  readonly isEdited: boolean;
}

export type Verdict = { readonly may: true } | { readonly may: false; readonly why: 'ours' | 'bot' | 'edited' | 'no-permission' };

const least: Readonly<Record<Command['verb'], Permission>> = { status: 'triage', run: 'write', cancel: 'write', retry: 'write', approve: 'write', answer: 'write' };
const associations: ReadonlySet<string> = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

/** Whether this person may give this command. Everything unknown says no. */
export function mayCommand(verb: Command['verb'], who: Commander): Verdict {
  if (who.isCascade) return { may: false, why: 'ours' };
  if (who.isBot) return { may: false, why: 'bot' };
  if (who.isEdited) return { may: false, why: 'edited' };
  const may = who.permission === undefined ? associations.has(who.association ?? '') : permissions.indexOf(who.permission) >= permissions.indexOf(least[verb]);
  return may ? { may } : { may, why: 'no-permission' };
}
