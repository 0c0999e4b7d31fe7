import type { JSX } from 'preact';
import { tierLooks } from './badges.js';
import type { CascadeModel, TierModel } from './cascade-model.js';
import { duration } from './format.js';
import { Icon } from './icons.js';
import { now } from './store.js';

/** The four tiers, what each does now or said last, and how long it took. */
export function Road({ model, isOver }: { model: CascadeModel; isOver: boolean }): JSX.Element {
  return (
    <section class="card" aria-labelledby="road-title">
      <h2 id="road-title" class="hidden">Road</h2>
      <ol class="road">{model.tiers.map((tier) => <Tier key={tier.tier} tier={tier} isOver={isOver} />)}</ol>
    </section>
  );
}

function Tier({ tier: { tier, title, state, startedAt, endedAt, text }, isOver }: { tier: TierModel; isOver: boolean }): JSX.Element {
  const look = tierLooks[state];
  const end = endedAt === undefined ? (isOver ? undefined : now.value) : Date.parse(endedAt);
  const took = startedAt === undefined || end === undefined || state === 'waiting' ? undefined : duration(end - Date.parse(startedAt));
  return (
    <li class={`tier is-${state}`} aria-current={state === 'active' || state === 'asking' ? 'step' : undefined}>
      <span class={`tier-mark tone-${look.tone}`}>{state === 'waiting' ? <span aria-hidden="true">{tier + 1}</span> : <Icon name={look.icon} ringed={look.spins === true} spins={look.spins ?? false} />}</span>
      <div class="tier-text">
        <h3>{title}</h3>
        <p class={`tier-state tone-${look.tone}`}>{look.word}{took === undefined ? '' : <span class="quiet"> · {took}</span>}</p>
        {text !== '' && state !== 'waiting' && <p class="quiet tier-line" title={text}>{text}</p>}
      </div>
    </li>
  );
}
