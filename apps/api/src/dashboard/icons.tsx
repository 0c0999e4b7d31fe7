import type { JSX } from 'preact';

const paths = {
  check: 'M3.5 8.5l3 3 6-7',
  cross: 'M4 4l8 8M12 4l-8 8',
  dot: 'M8 8h.01',
  clock: 'M8 4.5V8l2.5 1.5',
  question: 'M6.2 6.2A1.9 1.9 0 0 1 8 5c1.1 0 1.9.7 1.9 1.7 0 1.3-1.9 1.5-1.9 2.7M8 11.4h.01',
  stop: 'M4 4h8v8H4z',
  retry: 'M12.5 8a4.5 4.5 0 1 1-1.3-3.2M12.7 2.5v2.8H9.9',
  plus: 'M8 3v10M3 8h10',
  file: 'M4 2h5l3 3v9H4zM9 2v3h3',
  branch: 'M5 3v7m0 0a1.7 1.7 0 1 0 .01 0M5 8c4 0 6-1 6-3m0 0a1.7 1.7 0 1 0-.01 0',
  search: 'M7 11.5a4.5 4.5 0 1 1 0-9 4.5 4.5 0 0 1 0 9zM10.5 10.5L14 14',
  code: 'M5.5 4.5L2 8l3.5 3.5M10.5 4.5L14 8l-3.5 3.5',
  test: 'M6 2h4M6.5 2v4L3 12.5c-.4.8.1 1.5 1 1.5h8c.9 0 1.4-.7 1-1.5L9.5 6V2M5 10h6',
  gear: 'M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM8 2v1.6M8 12.4V14M2 8h1.6M12.4 8H14M3.8 3.8l1.1 1.1M11.1 11.1l1.1 1.1M12.2 3.8l-1.1 1.1M4.9 11.1l-1.1 1.1',
  chat: 'M2.5 3h11v8H7l-3 2.5V11H2.5z',
  arrow: 'M3 8h10M9 4l4 4-4 4',
  pencil: 'M3 13l.7-3L11 2.7 13.3 5 6 12.3z',
  warning: 'M8 2.5L14.5 13.5h-13zM8 6.5v3M8 11.5h.01',
  circle: '',
} as const;

export type IconName = keyof typeof paths;

/** A sign beside a word; the word says it for everybody. */
export function Icon({ name, ringed = false, spins = false }: { name: IconName; ringed?: boolean; spins?: boolean }): JSX.Element {
  return (
    <svg class={`icon${spins ? ' spins' : ''}`} viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      {ringed && <circle cx="8" cy="8" r="6.7" stroke-dasharray={spins ? '30 12' : undefined} />}
      <path d={paths[name]} transform={ringed ? 'translate(8 8) scale(.72) translate(-8 -8)' : undefined} />
    </svg>
  );
}
