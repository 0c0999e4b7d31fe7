import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Empty, taskLooks } from './badges.js';
import { tierOf, tierTitles } from './cascade-model.js';
import { clock, many } from './format.js';
import { Icon, type IconName } from './icons.js';
import type { TimelineLine } from './types.js';

/** Lines that are shown at first, the newest. */
const SHOWN = 200;
const icons: Readonly<Record<TimelineLine['line']['kind'], IconName>> = { tier: 'arrow', round: 'chat', artefact: 'file', task: 'code', story: 'branch', gate: 'test', notice: 'warning' };

/** Everything that was told, newest first. */
export function Timeline({ lines }: { lines: readonly TimelineLine[] }): JSX.Element {
  const [shown, setShown] = useState(SHOWN);
  if (lines.length === 0) return <Empty icon="clock" title="Nothing has happened yet" />;
  return (
    <section class="card" aria-label="Timeline, newest first">
      <ol class="timeline">{lines.slice(-shown).toReversed().map((line, index) => <Line key={lines.length - index} line={line} />)}</ol>
      {lines.length > shown && <p class="centre"><button type="button" onClick={() => setShown(shown + SHOWN * 5)}>Show {many(Math.min(SHOWN * 5, lines.length - shown), 'older line')}</button></p>}
    </section>
  );
}

function Line({ line: { at, service, line: { kind, text, taskId, status } } }: { line: TimelineLine }): JSX.Element {
  const tier = tierOf(service);
  const look = status === undefined ? undefined : taskLooks[status];
  return (
    <li class={`tone-${look?.tone ?? 'calm'}`}>
      <Icon name={look?.icon ?? icons[kind]} ringed={look !== undefined} />
      <time class="quiet mono" dateTime={at}>{clock(at)}</time>
      <span class="tag">{tier === undefined ? service : tierTitles[tier]}</span>
      <span class="timeline-text">{taskId !== undefined && <strong class="mono">{taskId} </strong>}{look !== undefined && <span class="step-word">{look.word}: </span>}{text}</span>
    </li>
  );
}
