import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { ask, type Trouble } from './api.js';
import { TroubleCard } from './badges.js';
import { formText } from './form-text.js';
import { Icon } from './icons.js';
import { hrefOf } from './routes.js';
import { cascades, note } from './store.js';

const approvals = [['stories', 'the stories'], ['spec', 'the specification'], ['merge', 'the result']] as const;

/** What the form says, as the API takes it; what is empty is left out. */
function requestOf(form: FormData): Record<string, unknown> {
  const text = (name: string): string => formText(form, name);
  const numbers = (name: string): Record<string, number> => (text(name) === '' ? {} : { [name]: Number(text(name)) });
  const budget = { ...numbers('usd'), ...numbers('tokens') };
  const approve = form.getAll('approve');
  return {
    request: text('request'), repository: text('repository'), ...numbers('deadlineMinutes'),
    ...Object.fromEntries(['branch', 'testCommand', 'priority'].flatMap((name) => (text(name) === '' ? [] : [[name, text(name)]]))),
    ...(form.get('ask') === null ? {} : { clarifications: 'ask' }),
    ...(Object.keys(budget).length === 0 ? {} : { budget }),
    ...(approve.length === 0 ? {} : { approve }),
  };
}

export function StartButton(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const key = useRef('');
  const [trouble, setTrouble] = useState<Trouble>();
  const [isBusy, setBusy] = useState(false);
  const open = (): void => {
    key.current = crypto.randomUUID(); // a form that is sent twice starts one cascade
    setTrouble(undefined);
    dialog.current?.showModal();
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    setBusy(true);
    const answer = await ask<{ id: string }>('POST', '/v1/cascades', { body: requestOf(new FormData(form)), headers: { 'idempotency-key': key.current } });
    setBusy(false);
    if (!answer.ok) {
      if (answer.trouble.status !== 0) key.current = crypto.randomUUID();
      return setTrouble(answer.trouble);
    }
    form.reset();
    dialog.current?.close();
    note('done', 'The cascade is started.');
    location.hash = hrefOf({ page: 'cascade', id: answer.value.id, tab: 'overview' });
  };
  return (
    <>
      <button type="button" class="primary" onClick={open}><Icon name="plus" />New cascade</button>
      <dialog ref={dialog} class="dialog wide" aria-labelledby="start-title">
        <form onSubmit={(event) => void submit(event)}>
          <h2 id="start-title">New cascade</h2>
          <Fields />
          {trouble !== undefined && <TroubleCard trouble={trouble} />}
          <div class="buttons"><button type="button" onClick={() => dialog.current?.close()}>Close</button><button type="submit" class="primary" disabled={isBusy}>{isBusy ? 'Starting…' : 'Start'}</button></div>
        </form>
      </dialog>
    </>
  );
}

function Fields(): JSX.Element {
  const repositories = [...new Set([...cascades.value?.values() ?? []].map(({ repository }) => repository))].slice(0, 20);
  return (
    <>
      <label class="field">What should change<textarea name="request" rows={6} required maxLength={50_000} placeholder="Add discount codes to the till: …" autoFocus /></label>
      <label class="field">Repository<input name="repository" required maxLength={2000} list="repositories" placeholder="https://github.com/me/shop.git, or /srv/shop" spellcheck={false} /></label>
      <datalist id="repositories">{repositories.map((one) => <option key={one} value={one} />)}</datalist>
      <div class="fields">
        <label class="field">Branch<input name="branch" maxLength={244} placeholder="the default one" spellcheck={false} /></label>
        <label class="field">Deadline in minutes<input name="deadlineMinutes" type="number" min={1} max={10_080} placeholder="60" /></label>
        <label class="field">Budget in US$<input name="usd" type="number" min={0.01} step="any" placeholder="none" /></label>
        <label class="field">Budget in tokens<input name="tokens" type="number" min={1} placeholder="none" /></label>
      </div>
      <fieldset><legend>Ask me before it goes on with</legend>{approvals.map(([value, text]) => <label key={value} class="tick"><input type="checkbox" name="approve" value={value} />{text}</label>)}</fieldset>
      <label class="tick"><input type="checkbox" name="ask" />Ask me about what the request leaves open, instead of assuming it</label>
      <details class="more"><summary>More</summary>
        <div class="fields">
          <label class="field">Test command<input name="testCommand" maxLength={500} placeholder="found by itself" spellcheck={false} /></label>
          <label class="field">Priority<select name="priority"><option value="">normal</option><option value="CRITICAL">critical</option><option value="HIGH">high</option><option value="LOW">low</option></select></label>
        </div>
      </details>
    </>
  );
}
