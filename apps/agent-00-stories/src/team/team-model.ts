import type { KnownFiles } from '@cascade/bmad';
import type { Model } from '@cascade/llm';

/** The one thing that the team needs of a language model. */
export type TeamModel = Pick<Model, 'call'>;

/** What the whole team knows; the same bytes in every prompt of a chat. */
export interface TeamContext {
  readonly request: string;
  /** The repository as text, see repository-context. */
  readonly repository: string;
  /** Files that notes may cite. */
  readonly files: KnownFiles;
  /** A person may be asked (`clarifications: ask`). */
  readonly mayAsk: boolean;
}

/** What a call gave without the marker of its end, as a turn of this kind. */
export function asTurn<Kind extends string, Answer extends { end: string }>(kind: Kind, answer: Answer): Omit<Answer, 'end'> & { kind: Kind } {
  const { end, ...rest } = answer;
  return end === '' ? { ...rest, kind } : { ...rest, kind };
}
