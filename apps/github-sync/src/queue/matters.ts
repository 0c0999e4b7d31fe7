import type { TrackerRepository } from '@cascade/github';

/**
 * What is to be looked at: a member of `github:dirty` or `github:asked`. A matter only names a thing. Whoever takes it
 * reads both sides anew, so that many reasons to look are one piece of work, and none is too old.
 */
export type Matter =
  /** A work item and its issue. */
  | { readonly kind: 'item'; readonly key: string }
  /** An issue that carries our marker and that no work item knows yet. */
  | { readonly kind: 'issue'; readonly repository: TrackerRepository; readonly number: number }
  /** What a cascade's end means for its issues and its pull request. */
  | { readonly kind: 'ending'; readonly cascadeId: string }
  | { readonly kind: 'pull'; readonly cascadeId: string }
  /** All issues of a repository that changed since the last look: for what webhooks missed. */
  | { readonly kind: 'sweep'; readonly repository: TrackerRepository }
  | { readonly kind: 'question'; readonly cascadeId: string; readonly name: string }
  /** A person's comment. */
  | { readonly kind: 'comment'; readonly repository: TrackerRepository; readonly number: number; readonly comment: number }
  /** Somebody put the label on an issue that asks for a cascade. */
  | { readonly kind: 'label'; readonly repository: TrackerRepository; readonly number: number; readonly login: string; readonly delivery: string };

/** In place of a delivery's id: that a label is there was seen by the sweep. */
export const SWEPT = 'swept';

/** As a member: the kind and its parts, percent-encoded, so that a blank only divides. */
export function memberOf(matter: Matter): string {
  return [matter.kind, ...parts(matter)].map((part) => encodeURIComponent(part)).join(' ');
}

function parts(matter: Matter): (string | number)[] {
  switch (matter.kind) {
    case 'item': return [matter.key];
    case 'issue': return [matter.repository.owner, matter.repository.name, matter.number];
    case 'ending': case 'pull': return [matter.cascadeId];
    case 'sweep': return [matter.repository.owner, matter.repository.name];
    case 'question': return [matter.cascadeId, matter.name];
    case 'comment': return [matter.repository.owner, matter.repository.name, matter.number, matter.comment];
    case 'label': return [matter.repository.owner, matter.repository.name, matter.number, matter.login, matter.delivery];
  }
}

/** Inverse to `memberOf`; undefined for what it cannot have made. */
export function matterOf(member: string): Matter | undefined {
  const [kind = '', first = '', second = '', third = '', ...rest] = member.split(' ').map(decoded);
  const repository = { owner: first, name: second };
  const number = Number(third);
  const matter = ((): Matter | undefined => {
    switch (kind) {
      case 'item': return { kind, key: first };
      case 'issue': return { kind, repository, number };
      case 'ending': case 'pull': return { kind, cascadeId: first };
      case 'sweep': return { kind, repository };
      case 'question': return { kind, cascadeId: first, name: second };
      case 'comment': return { kind, repository, number, comment: Number(rest[0]) };
      case 'label': return { kind, repository, number, login: rest[0] ?? '', delivery: rest[1] ?? '' };
      default: return undefined;
    }
  })();
  return matter !== undefined && memberOf(matter) === member ? matter : undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // then it is not what `memberOf` makes
  }
}

/** People wait for an answer to these; they do not queue behind a thousand issues that are being created. */
const asked: ReadonlySet<Matter['kind']> = new Set(['question', 'comment', 'label']);
export const isAsked = (matter: Matter): boolean => asked.has(matter.kind);
