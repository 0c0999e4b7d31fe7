import type { JSX } from 'preact';
import { steerLetter } from './actions.js';
import { Loading, TroubleCard } from './badges.js';
import { ConfirmButton } from './confirm-button.js';
import { ago, many } from './format.js';
import { Icon } from './icons.js';
import { hrefOf } from './routes.js';
import { now } from './store.js';
import type { DeadLetter } from './types.js';
import { useAnswer } from './use-answer.js';

/** Events that nobody tries again, with the reason; retry and removal. */
export function DeadLetters({ version }: { version: number }): JSX.Element {
  const { answer, again } = useAnswer<{ letters: DeadLetter[]; more: boolean }>('/v1/dead-letters?limit=100', version);
  return (
    <section class="card" aria-labelledby="letters-title">
      <h2 id="letters-title">Dead letters</h2>
      {answer === undefined ? <Loading label="Loading dead letters" /> : !answer.ok ? <TroubleCard trouble={answer.trouble} onRetry={again} /> : answer.value.letters.length === 0 ? <p class="quiet"><Icon name="check" /> None: every event was handled, or will be tried again.</p> : (
        <>
          <ul class="letters">{answer.value.letters.map((letter) => <Letter key={`${letter.service} ${letter.id}`} letter={letter} onDone={again} />)}</ul>
          {answer.value.more && <p class="quiet">There are more; the oldest are shown.</p>}
        </>
      )}
    </section>
  );
}

function Letter({ letter, onDone }: { letter: DeadLetter; onDone: () => void }): JSX.Element {
  const { problem, fields, service } = letter;
  const cascadeId = fields['correlationid'];
  const steer = async (way: 'retry' | 'drop'): Promise<void> => { if (await steerLetter(letter, way)) onDone(); };
  return (
    <li class="letter">
      <div class="letter-head">
        <div>
          <h3><span class="mono">{fields['type'] ?? letter.stream}</span> <span class="quiet">for</span> {service}</h3>
          <p class="letter-reason">{problem.message ?? 'No reason was given.'}</p>
          {problem.advice !== undefined && <p class="quiet">{problem.advice}</p>}
          <p class="facts quiet"><span class="mono">{problem.code}</span><span>{many(letter.attempts, 'attempt')}</span><time dateTime={letter.time}>{ago(now.value - Date.parse(letter.time))}</time>{cascadeId !== undefined && <a href={hrefOf({ page: 'cascade', id: cascadeId, tab: 'overview' })}>its cascade</a>}</p>
        </div>
        <div class="buttons">
          <button type="button" class="small" aria-label={`Retry ${fields['type'] ?? ''} ${letter.id}`} onClick={() => void steer('retry')}><Icon name="retry" />Retry</button>
          <ConfirmButton icon="cross" label="Drop" class="small ghost" title="Remove this event for good?" confirm="Remove it" onConfirm={() => steer('drop')}>Nobody will handle it, and its cascade may wait for it until its deadline.</ConfirmButton>
        </div>
      </div>
      <details><summary>Attempts and the event itself</summary>
        <ol class="attempts">{letter.failed.map((attempt, index) => <li key={index}><time class="quiet mono" dateTime={attempt.time}>{attempt.time}</time> <span class="mono">{attempt.code}</span> {attempt.message}</li>)}</ol>
        <pre tabIndex={0}><code>{Object.entries(fields).map(([name, value]) => `${name}: ${value}`).join('\n')}</code></pre>
      </details>
    </li>
  );
}
