import type { JSX } from 'preact';
import { cascadePath } from './api.js';
import { Empty, Loading, TroubleCard } from './badges.js';
import { clock } from './format.js';
import { Icon } from './icons.js';
import { Markdown } from './markdown-view.js';
import type { ChatEntry } from './types.js';
import { useAnswer } from './use-answer.js';

/** Roles whose name is short. */
const names: Readonly<Record<string, string>> = { po: 'product owner' };
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What was said in the group chat of the first tier, and who speaks now. */
export function Discussion({ id, rounds, isLive }: { id: string; rounds: number; isLive: boolean }): JSX.Element {
  const { answer, again } = useAnswer<{ messages: ChatEntry[] }>(`${cascadePath(id)}/transcript?limit=200`, rounds);
  if (answer === undefined) return <Loading lines={5} label="Loading the discussion" />;
  if (!answer.ok) return <TroubleCard trouble={answer.trouble} onRetry={again} />;
  const { messages } = answer.value;
  if (messages.length === 0) return <Empty icon="chat" title="Nothing is said yet"><p>Coordinator, analyst, architect and product owner discuss the request here before anything is written.</p></Empty>;
  const last = messages.at(-1)!.event;
  return (
    <section class="chat" aria-label="Discussion">
      <ol>{messages.map((entry) => <Entry key={entry.number} entry={entry} />)}</ol>
      {isLive && last.type === 'selected' && <p class="typing" role="status"><span class="dots" aria-hidden="true"><i /><i /><i /></span>{names[text(last['speaker'])] ?? text(last['speaker'])} is speaking</p>}
    </section>
  );
}

function Entry({ entry: { at, event } }: { entry: ChatEntry }): JSX.Element | null {
  const message = event['message'] as { readonly speaker?: unknown; readonly content?: unknown; readonly turn?: unknown } | undefined;
  switch (event.type) {
    case 'said': return <Said at={at} speaker={text(message?.speaker)} content={text(message?.content)} turn={message?.turn} />;
    case 'paused': return <li class="aside tone-ask"><Icon name="question" ringed />Asks you: {text(event['question'])}</li>;
    case 'answered': return <Said at={at} speaker="you" content={text(event['answer'])} turn={undefined} />;
    case 'stopped': return <li class="aside"><Icon name="check" ringed />{text(event['outcome'])}: {text(event['reason'])}</li>;
    default: return null;
  }
}

function Said({ at, speaker, content, turn }: { at: string; speaker: string; content: string; turn: unknown }): JSX.Element {
  return (
    <li class="said">
      <span class={`avatar of-${/^[a-z]+$/.test(speaker) ? speaker : 'other'}`} aria-hidden="true">{speaker.slice(0, 2).toUpperCase()}</span>
      <div class="said-text">
        <p class="said-head"><strong>{names[speaker] ?? speaker}</strong> <time class="quiet" dateTime={at}>{clock(at)}</time></p>
        <Markdown text={content} level={3} />
        {turn !== undefined && turn !== null && <details><summary>What it decided, in full</summary><pre tabIndex={0}><code>{JSON.stringify(turn, undefined, 2)}</code></pre></details>}
      </div>
    </li>
  );
}
