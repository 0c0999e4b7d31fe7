import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ask, cascadePath, type Trouble } from './api.js';
import { TroubleCard } from './badges.js';
import { formText } from './form-text.js';
import { Icon } from './icons.js';
import { Markdown } from './markdown-view.js';
import { hrefOf } from './routes.js';
import { note } from './store.js';
import type { CascadeView } from './types.js';

type Question = CascadeView['questions'][number];

/** A question for the command line as one for this page: its documents are links here, and its answers are buttons. */
export function readQuestion(text: string): { readonly text: string; readonly paths: readonly string[] } {
  const lines = text.split('\n');
  const isPath = (line: string): boolean => /^[\w@.-]+(\/[\w@.-]+)*\.\w{1,8}$/.test(line);
  return { text: lines.filter((line) => !isPath(line) && !/^(Read, with `cascade |Answer "yes")/.test(line)).join('\n'), paths: lines.filter(isPath) };
}

/** What a cascade waits for, first of all. */
export function Questions({ view, onAnswered }: { view: CascadeView; onAnswered: () => void }): JSX.Element {
  return <>{view.questions.map((question) => <QuestionCard key={question.name} id={view.id} question={question} onAnswered={onAnswered} />)}</>;
}

function QuestionCard({ id, question: { name, text }, onAnswered }: { id: string; question: Question; onAnswered: () => void }): JSX.Element {
  const [trouble, setTrouble] = useState<Trouble>();
  const [isBusy, setBusy] = useState(false);
  const isApproval = name.startsWith('approve/');
  const shown = readQuestion(text);
  const give = async (answer: string): Promise<void> => {
    setBusy(true);
    const given = await ask('POST', `${cascadePath(id)}/input`, { body: { name, answer } });
    setBusy(false);
    if (!given.ok) return setTrouble(given.trouble);
    note('done', 'Answered: it goes on.');
    onAnswered();
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const answer = formText(new FormData(event.currentTarget as HTMLFormElement), 'answer');
    if (answer !== '') void give(isApproval ? `no, ${answer}` : answer);
  };
  return (
    <section class="card question" aria-label={`Question: ${name}`}>
      <Icon name="question" ringed />
      <div>
        <h2>{isApproval ? 'May it go on?' : 'It asks you'}</h2>
        <Markdown text={isApproval ? shown.text : text} level={3} />
        {isApproval && shown.paths.length > 0 && <ul class="paths" aria-label="Documents to read">{shown.paths.map((path) => <li key={path}><a class="mono" href={hrefOf({ page: 'cascade', id, tab: 'files', file: path })}>{path}</a></li>)}</ul>}
        <form onSubmit={submit}>
          {isApproval && <div class="buttons start"><button type="button" class="primary" disabled={isBusy} onClick={() => void give('yes')}><Icon name="check" />Approve</button></div>}
          <label class="field">{isApproval ? 'Or say why not: that ends the cascade' : 'Your answer'}<textarea name="answer" rows={isApproval ? 2 : 3} required maxLength={10_000} /></label>
          <div class="buttons start"><button type="submit" class={isApproval ? '' : 'primary'} disabled={isBusy}>{isApproval ? 'Refuse' : 'Answer'}</button></div>
        </form>
        {trouble !== undefined && <TroubleCard trouble={trouble} />}
        <p class="quiet mono">{name}</p>
      </div>
    </section>
  );
}
