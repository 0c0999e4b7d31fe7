import { computed, signal } from '@preact/signals';
import { parseRoute } from './routes.js';
import type { CascadeShort, StreamFigures } from './types.js';

/** Messages that are shown at once; the oldest goes. */
const MAX_NOTES = 4;
const NOTE_MS = 8_000;

export const route = signal(parseRoute(location.hash));
let hasNavigated = false;
window.addEventListener('hashchange', () => {
  hasNavigated = true;
  route.value = parseRoute(location.hash);
});

/** Where the keyboard begins after going to another page: its heading, unless something else has the focus since. */
export function focusHeading(): void {
  if (hasNavigated && (document.activeElement === document.body || document.activeElement?.closest('main, dialog') === null)) document.querySelector<HTMLElement>('main h1')?.focus();
}

/** What time it is, by the second while somebody looks. */
export const now = signal(Date.now());
setInterval(() => { if (!document.hidden) now.value = Date.now(); }, 1_000);

/** The newest cascades by id; undefined until they were told. */
export const cascades = signal<ReadonlyMap<string, CascadeShort> | undefined>(undefined);
export const streams = signal<StreamFigures | undefined>(undefined);
export const deadLetters = computed(() => streams.value?.services.reduce((sum, service) => sum + service.deadLetters, 0) ?? 0);

/** For people who do not see what changes. */
export const announcement = signal('');
export const announce = (text: string): void => { announcement.value = text; };

export interface Note {
  readonly id: number;
  readonly kind: 'done' | 'trouble';
  readonly text: string;
}
export const notes = signal<readonly Note[]>([]);
let noteId = 0;

/** Tells something for a moment. */
export function note(kind: Note['kind'], text: string): void {
  const one = { id: ++noteId, kind, text };
  notes.value = [...notes.peek(), one].slice(-MAX_NOTES);
  setTimeout(() => forget(one.id), NOTE_MS);
}

export const forget = (id: number): void => { notes.value = notes.peek().filter((one) => one.id !== id); };
