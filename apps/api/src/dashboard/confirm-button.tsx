import type { ComponentChildren, JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { formText } from './form-text.js';
import { Icon, type IconName } from './icons.js';

interface Props {
  readonly icon: IconName;
  readonly label: string;
  readonly title: string;
  readonly children: ComponentChildren;
  readonly confirm: string;
  /** Asks for a few words, too. */
  readonly asks?: string;
  readonly class?: string;
  readonly onConfirm: (text: string) => Promise<unknown>;
}

/** A button for what cannot be taken back: says what will happen first. */
export function ConfirmButton({ icon, label, title, children, confirm, asks, onConfirm, class: style = '' }: Props): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const text = formText(new FormData(event.currentTarget as HTMLFormElement), 'text');
    setBusy(true);
    await onConfirm(text);
    setBusy(false);
    dialog.current?.close();
  };
  return (
    <>
      <button type="button" class={style} onClick={() => dialog.current?.showModal()}><Icon name={icon} />{label}</button>
      <dialog ref={dialog} class="dialog" aria-label={title}>
        <form onSubmit={(event) => void submit(event)}>
          <h2>{title}</h2>
          <div class="quiet">{children}</div>
          {asks !== undefined && <label class="field">{asks}<input name="text" maxLength={1000} autoComplete="off" /></label>}
          <div class="buttons">
            <button type="button" onClick={() => dialog.current?.close()}>Keep it</button>
            <button type="submit" class="danger" disabled={isBusy}>{confirm}</button>
          </div>
        </form>
      </dialog>
    </>
  );
}
