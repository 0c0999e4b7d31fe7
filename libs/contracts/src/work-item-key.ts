import { terminal } from '@cascade/messages';

/**
 * Public keys of work items (documented in docs/keys.md): built and parsed here and nowhere else, inverse to each other
 * for every string. `_` separates parts and `-` ends an id, so a component's `_`, `%`, whitespace and control
 * characters are percent-encoded, and an id holds no `-`.
 */
export type WorkItemKey =
  | { readonly kind: 'epic'; readonly repo: string; readonly branch: string; readonly epicId: string; readonly epicName: string }
  | { readonly kind: 'story'; readonly repo: string; readonly branch: string; readonly epicId: string; readonly epicName: string; readonly storyId: string; readonly storyName: string }
  | { readonly kind: 'task'; readonly repo: string; readonly branch: string; readonly epicId: string; readonly epicName: string; readonly storyId: string; readonly storyName: string; readonly taskId: string }
  | { readonly kind: 'qa-assessment'; readonly repo: string; readonly branch: string; readonly id: string; readonly name: string };

const reserved = /[_%\s\u0000-\u001f\u007f\u0085]/gu;
/** Percent-encodes UTF-8 bytes; `encodeURIComponent` would leave `_` as it is. */
const encode = (text: string): string =>
  text.replace(reserved, (character) => [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''));

function decode(text: string): string {
  return decodeURIComponent(text);
}

function id(value: string): string {
  if (value === '' || value.includes('-')) {
    throw terminal('CASC_KEY_INVALID', `Work-item id ${JSON.stringify(value.slice(0, 80))} must not be empty and must not contain "-".`);
  }
  return encode(value);
}

export function buildWorkItemKey(key: WorkItemKey): string {
  const root = `repo-${encode(key.repo)}_branch-${encode(key.branch)}`;
  if (key.kind === 'qa-assessment') return `${root}_qa_assessments-${id(key.id)}-${encode(key.name)}`;
  const epic = `${root}_epics-${id(key.epicId)}-${encode(key.epicName)}`;
  if (key.kind === 'epic') return epic;
  const story = `${epic}_stories-${id(key.storyId)}-${encode(key.storyName)}`;
  return key.kind === 'story' ? story : `${story}_tasks-${id(key.taskId)}`;
}

const part = '([^_\\s]*)';
const idPart = '([^_\\s-]+)';
const root = `^repo-${part}_branch-${part}`;
const patterns = {
  qa: new RegExp(`${root}_qa_assessments-${idPart}-${part}$`),
  work: new RegExp(`${root}_epics-${idPart}-${part}(?:_stories-${idPart}-${part}(?:_tasks-${idPart})?)?$`),
};

/** The key's parts, or undefined when it is not a work-item key that `buildWorkItemKey` could have made. */
export function parseWorkItemKey(key: string): WorkItemKey | undefined {
  const parsed = parse(key);
  return parsed !== undefined && buildWorkItemKey(parsed) === key ? parsed : undefined;
}

function parse(key: string): WorkItemKey | undefined {
  try {
    const qa = patterns.qa.exec(key)?.slice(1).map(decode);
    if (qa !== undefined) return { kind: 'qa-assessment', repo: qa[0] ?? '', branch: qa[1] ?? '', id: qa[2] ?? '', name: qa[3] ?? '' };
    const match = patterns.work.exec(key);
    if (match === null) return undefined;
    const [repo = '', branch = '', epicId = '', epicName = ''] = match.slice(1, 5).map(decode);
    const epic = { repo, branch, epicId, epicName };
    if (match[5] === undefined) return { kind: 'epic', ...epic };
    const story = { ...epic, storyId: decode(match[5]), storyName: decode(match[6] ?? '') };
    return match[7] === undefined ? { kind: 'story', ...story } : { kind: 'task', ...story, taskId: decode(match[7]) };
  } catch {
    return undefined; // malformed percent-encoding
  }
}
