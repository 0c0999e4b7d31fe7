import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { cascadePath } from './api.js';
import { Empty, Loading, TroubleCard } from './badges.js';
import { bytes } from './format.js';
import { Icon } from './icons.js';
import { Markdown } from './markdown-view.js';
import { hrefOf } from './routes.js';
import type { CascadeView } from './types.js';
import { useAnswer } from './use-answer.js';

/** Lines of code that are shown. */
const MAX_CODE_LINES = 5_000;
interface Listed {
  readonly path: string;
  readonly bytes: number;
}

/** Documents and code at the cascade's newest commit. */
export function Files({ view, file }: { view: CascadeView; file: string | undefined }): JSX.Element {
  const { answer, again } = useAnswer<{ commit: string; files: Listed[]; more: boolean }>(`${cascadePath(view.id)}/artefacts`, `${view.tier} ${view.state}`);
  const [wanted, setWanted] = useState('');
  if (answer === undefined) return <Loading lines={6} label="Loading the files" />;
  if (!answer.ok) return answer.trouble.status === 404 ? <Empty icon="file" title="Nothing is written yet"><p>Documents appear here when the team has agreed on the stories.</p></Empty> : <TroubleCard trouble={answer.trouble} onRetry={again} />;
  const { files, more } = answer.value;
  const shown = files.filter(({ path }) => path.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <div class="files">
      <nav class="card file-list" aria-label="Files">
        <label class="search"><Icon name="search" /><span class="hidden">Part of a path</span><input type="search" placeholder="Find a file" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} /></label>
        <FileTree id={view.id} files={shown} current={file} />
        {more && <p class="quiet">There are more files than are listed here.</p>}
      </nav>
      {file === undefined ? <div class="card"><Empty icon="file" title="Choose a file"><p>{files.length} files at commit <span class="mono">{answer.value.commit.slice(0, 10)}</span>.</p></Empty></div> : <Document id={view.id} path={file} commit={answer.value.commit} />}
    </div>
  );
}

/** By folder, in the order of the paths. */
function FileTree({ id, files, current }: { id: string; files: readonly Listed[]; current: string | undefined }): JSX.Element {
  const folders = Map.groupBy(files, ({ path }) => path.split('/').slice(0, -1).join('/'));
  return (
    <ul class="folders">
      {[...folders].map(([folder, list]) => (
        <li key={folder}>
          {folder !== '' && <span class="folder mono quiet">{folder}/</span>}
          <ul>{list.map(({ path, bytes: size }) => <li key={path}><a class="mono" href={hrefOf({ page: 'cascade', id, tab: 'files', file: path })} aria-current={path === current ? 'page' : undefined} title={`${path}, ${bytes(size)}`}>{path.split('/').at(-1)}</a></li>)}</ul>
        </li>
      ))}
    </ul>
  );
}

function Document({ id, path, commit }: { id: string; path: string; commit: string }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [path]);
  const { answer, again } = useAnswer<string>(`${cascadePath(id)}/artefacts/${path.split('/').map(encodeURIComponent).join('/')}`, commit);
  return (
    <article class="card document" aria-labelledby="file-title">
      <h2 id="file-title" class="mono" ref={heading} tabIndex={-1}>{path}</h2>
      {answer === undefined ? <Loading lines={8} label="Loading the file" /> : !answer.ok ? <TroubleCard trouble={answer.trouble} onRetry={again} /> : /\.(md|markdown)$/i.test(path) ? <Markdown text={answer.value} level={3} /> : <Code text={answer.value} path={path} />}
    </article>
  );
}

function Code({ text, path }: { text: string; path: string }): JSX.Element {
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`Lines of ${path}`}>
      <table class="lines"><tbody>{lines.slice(0, MAX_CODE_LINES).map((line, index) => <tr key={index}><td class="number">{index + 1}</td><td class="line">{line}</td></tr>)}</tbody></table>
      {lines.length > MAX_CODE_LINES && <p class="quiet">{lines.length - MAX_CODE_LINES} more lines are not shown.</p>}
    </div>
  );
}
