import type { ComponentChildren, JSX } from 'preact';
import type { Trouble } from './api.js';
import type { TaskState, TierModel } from './cascade-model.js';
import { Icon, type IconName } from './icons.js';
import type { CascadeShort, CascadeState } from './types.js';

interface Look {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: 'calm' | 'busy' | 'ask' | 'red' | 'green' | 'warn';
  readonly spins?: boolean;
}

export const cascadeLooks: Readonly<Record<CascadeState, Look>> = {
  running: { word: 'Running', icon: 'circle', tone: 'busy', spins: true },
  waiting: { word: 'Waits for you', icon: 'question', tone: 'ask' },
  completed: { word: 'Completed', icon: 'check', tone: 'green' },
  failed: { word: 'Failed', icon: 'cross', tone: 'red' },
  timed_out: { word: 'Timed out', icon: 'clock', tone: 'red' },
  cancelled: { word: 'Cancelled', icon: 'stop', tone: 'calm' },
};

export const taskLooks: Readonly<Record<TaskState, Look>> = {
  waiting: { word: 'Waiting', icon: 'dot', tone: 'calm' },
  'writing-tests': { word: 'Writing tests', icon: 'pencil', tone: 'busy', spins: true },
  red: { word: 'Red', icon: 'cross', tone: 'red' },
  implementing: { word: 'Implementing', icon: 'circle', tone: 'busy', spins: true },
  green: { word: 'Green', icon: 'check', tone: 'green' },
  integrating: { word: 'Merging', icon: 'circle', tone: 'busy', spins: true },
  integrated: { word: 'Merged', icon: 'check', tone: 'green' },
  conflicted: { word: 'Conflict', icon: 'warning', tone: 'warn' },
  failed: { word: 'Failed', icon: 'cross', tone: 'red' },
  stopped: { word: 'Not finished', icon: 'stop', tone: 'calm' },
};

export const tierLooks: Readonly<Record<TierModel['state'], Look>> = {
  waiting: { word: 'Not started', icon: 'dot', tone: 'calm' },
  active: { word: 'In progress', icon: 'circle', tone: 'busy', spins: true },
  asking: { word: 'Waits for you', icon: 'question', tone: 'ask' },
  done: { word: 'Done', icon: 'check', tone: 'green' },
  failed: { word: 'Stopped here', icon: 'cross', tone: 'red' },
};

const gateLooks: Readonly<Record<NonNullable<CascadeShort['gate']>, Look>> = {
  PASS: { word: 'Pass', icon: 'check', tone: 'green' },
  CONCERNS: { word: 'Concerns', icon: 'warning', tone: 'warn' },
  FAIL: { word: 'Fail', icon: 'cross', tone: 'red' },
};

export function Badge({ look: { word, icon, tone, spins = false } }: { look: Look }): JSX.Element {
  return <span class={`badge tone-${tone}`}><Icon name={icon} ringed spins={spins} />{word}</span>;
}

export function GateBadge({ gate }: { gate: NonNullable<CascadeShort['gate']> }): JSX.Element {
  return <span class="gate"><span class="quiet">Gate</span> <Badge look={gateLooks[gate]} /></span>;
}

/** How much of something is used, in a bar and in words. */
export function Burn({ used, label, children }: { used: number; label: string; children: ComponentChildren }): JSX.Element {
  const percent = Math.round(used * 100);
  const tone = used >= 0.9 ? 'red' : used >= 0.7 ? 'warn' : 'busy';
  return (
    <div class="burn">
      <div class="burn-text">{children}</div>
      <div class={`bar tone-${tone}`} role="meter" aria-label={label} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} aria-valuetext={`${percent} % used`}><span style={{ width: `${percent}%` }} /></div>
    </div>
  );
}

export function TroubleCard({ trouble, onRetry }: { trouble: Trouble; onRetry?: () => void }): JSX.Element {
  return (
    <div class="card trouble" role="alert">
      <Icon name="warning" />
      <div>
        <p><strong>{trouble.text}</strong></p>
        {trouble.advice !== undefined && <p>{trouble.advice}</p>}
        {trouble.findings !== undefined && trouble.findings.length > 0 && <ul>{trouble.findings.map((finding) => <li key={finding}>{finding}</li>)}</ul>}
        <p class="quiet mono">{trouble.code}</p>
        {onRetry !== undefined && <button type="button" onClick={onRetry}><Icon name="retry" />Try again</button>}
      </div>
    </div>
  );
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }): JSX.Element {
  return <div class="empty"><span class="empty-icon"><Icon name={icon} /></span><h2>{title}</h2><div>{children}</div></div>;
}

/** Stands where something will be. */
export function Loading({ lines = 3, label = 'Loading' }: { lines?: number; label?: string }): JSX.Element {
  return <div class="loading" role="status" aria-label={label}>{Array.from({ length: lines }, (_, index) => <span key={index} class="bone" />)}</div>;
}
