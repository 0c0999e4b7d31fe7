import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { setToken, token, tokenTrouble } from './api.js';
import { formText } from './form-text.js';

/** Asks for a token where the API asks for one. */
export function TokenDialog(): JSX.Element | null {
  const trouble = tokenTrouble.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => { if (trouble !== undefined && dialog.current?.open === false) dialog.current.showModal(); }, [trouble]);
  if (trouble === undefined) return null;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = formText(new FormData(event.currentTarget as HTMLFormElement), 'token');
    if (text !== '') setToken(text);
  };
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="token-title" onCancel={(event) => event.preventDefault()}>
      <form onSubmit={submit}>
        <h2 id="token-title">A token is needed</h2>
        <p class="quiet">This API asks for a token. It is kept in this tab until you close it, and sent with each request.</p>
        {token.value !== '' && <p class="field-trouble" role="alert">{trouble.text} {trouble.advice}</p>}
        <label class="field">Token<input name="token" type="password" autoComplete="off" spellcheck={false} required autoFocus /></label>
        <p class="quiet hint">One is made with <code class="mono">cascade api token create me --scope admin</code></p>
        <div class="buttons"><button type="submit" class="primary">Use it</button></div>
      </form>
    </dialog>
  );
}
