import { ask, cascadePath, type Trouble } from './api.js';
import { hrefOf } from './routes.js';
import { announce, note } from './store.js';
import type { CascadeShort } from './types.js';

const tell = (trouble: Trouble): void => note('trouble', [trouble.text, trouble.advice].filter(Boolean).join(' '));

/** Ends a cascade, when the person means it. */
export async function cancelCascade({ id }: Pick<CascadeShort, 'id'>, reason: string): Promise<boolean> {
  const answer = await ask<{ result: string }>('POST', `${cascadePath(id)}/cancel`, { body: { reason } });
  if (answer.ok) note('done', answer.value.result === 'ended' ? 'The cascade is cancelled.' : 'The cascade had ended already.');
  else tell(answer.trouble);
  return answer.ok;
}

/** Asks again for what a cascade was asked for; goes to the new one. */
export async function retryCascade({ id }: Pick<CascadeShort, 'id'>): Promise<void> {
  const answer = await ask<{ id: string }>('POST', `${cascadePath(id)}/retry`, { body: {} });
  if (!answer.ok) return tell(answer.trouble);
  note('done', 'Asked for again, as a new cascade.');
  location.hash = hrefOf({ page: 'cascade', id: answer.value.id, tab: 'overview' });
}

export async function steerLetter({ service, id }: { service: string; id: string }, way: 'retry' | 'drop'): Promise<boolean> {
  const path = `/v1/dead-letters/${encodeURIComponent(service)}/${encodeURIComponent(id)}`;
  const answer = way === 'retry' ? await ask('POST', `${path}/retry`, { body: {} }) : await ask('DELETE', path);
  if (answer.ok) note('done', way === 'retry' ? `Delivered to ${service} once more.` : 'Removed for good.');
  else tell(answer.trouble);
  if (answer.ok) announce('One dead letter fewer');
  return answer.ok;
}
