import type { JSX } from 'preact';
import { cascadePath } from './api.js';
import { Loading, TroubleCard } from './badges.js';
import { DiffView } from './diff-view.js';
import { useAnswer } from './use-answer.js';

/** What a cascade, or one task of it, changed in the repository. */
export function Changes({ id, task, version }: { id: string; task?: string; version: string }): JSX.Element {
  const { answer, again } = useAnswer<{ commit: string; diff: string; cut: boolean }>(`${cascadePath(id)}/change${task === undefined ? '' : `?task=${encodeURIComponent(task)}`}`, version);
  if (answer === undefined) return <Loading label="Loading the change" />;
  if (!answer.ok) return answer.trouble.status === 404 ? <p class="quiet">{answer.trouble.text}</p> : <TroubleCard trouble={answer.trouble} onRetry={again} />;
  return <DiffView diff={answer.value.diff} isCut={answer.value.cut} />;
}
