import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Loading, TroubleCard } from './badges.js';
import { DeadLetters } from './dead-letters.js';
import { count, duration } from './format.js';
import { Icon } from './icons.js';
import { connection, reconnect } from './live.js';
import { deadLetters, streams } from './store.js';
import type { Group, StreamFigures } from './types.js';

/** How far every service is behind, and what nobody tries again. */
export function StreamsPage(): JSX.Element {
  const [figures, at] = [streams.value, connection.value];
  return (
    <div class="page">
      <div class="title-row"><h1 tabIndex={-1}>Streams</h1></div>
      {figures === undefined ? at.state === 'away' ? <TroubleCard trouble={at.trouble} onRetry={reconnect} /> : <Loading lines={5} label="Loading the streams" /> : <Figures figures={figures} />}
      <DeadLetters version={deadLetters.value} />
    </div>
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

function Figures({ figures: { groups, services } }: { figures: StreamFigures }): JSX.Element {
  const oldest = Math.max(0, ...groups.map(({ oldestUndeliveredMs }) => oldestUndeliveredMs));
  const letters = deadLetters.value;
  return (
    <>
      <dl class="figures">
        <Figure name="Waiting" value={count(sum(groups.map(({ lag }) => lag)))} note={oldest === 0 ? 'nothing waits' : `oldest for ${duration(oldest)}`} tone={oldest > 60_000 ? 'warn' : 'calm'} />
        <Figure name="In work" value={count(sum(groups.map(({ pending }) => pending)))} note="given to a consumer, not done" tone="calm" />
        <Figure name="Delayed" value={count(sum(services.map(({ delayedRetries }) => delayedRetries)))} note="wait for their next attempt" tone="calm" />
        <Figure name="Dead letters" value={count(letters)} note={letters === 0 ? 'none' : 'wait for a person'} tone={letters > 0 ? 'red' : 'calm'} />
      </dl>
      <Table groups={groups} />
    </>
  );
}

const Figure = ({ name, value, note, tone }: { name: string; value: string; note: string; tone: string }): JSX.Element => <div class="card figure"><dt>{name}</dt><dd><span class={`figure-value tone-${tone}`}>{value}</span><span class="quiet">{note}</span></dd></div>;

const isBusy = ({ lag, pending }: Group): boolean => lag > 0 || pending > 0;

function Table({ groups }: { groups: readonly Group[] }): JSX.Element {
  const [isWhole, setWhole] = useState(false);
  const busy = groups.filter(isBusy);
  const parts = new Set(groups.map(({ partition }) => partition)).size;
  const shown = isWhole ? groups : busy;
  const most = Math.max(1, ...groups.map(({ lag }) => lag));
  return (
    <section class="card" aria-labelledby="groups-title">
      <div class="section-row"><h2 id="groups-title">Services and their streams</h2><label class="tick"><input type="checkbox" checked={isWhole} onChange={(event) => setWhole(event.currentTarget.checked)} />Show the {groups.length - busy.length} with nothing to do</label></div>
      {shown.length === 0 ? <p class="quiet"><Icon name="check" /> Nothing waits, and nothing is being worked on.</p> : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Table of services and streams">
          <table class="data">
            <thead><tr><th scope="col">Service</th><th scope="col">Stream</th><th scope="col" class="number">Waiting</th><th scope="col" class="number">for</th><th scope="col" class="number">In work</th><th scope="col" class="number">for</th><th scope="col" class="number">Entries</th></tr></thead>
            <tbody>{shown.map((group) => <Row key={`${group.partition} ${group.stream} ${group.group}`} group={group} most={most} parts={parts} />)}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ group, most, parts }: { group: Group; most: number; parts: number }): JSX.Element {
  return (
    <tr>
      <th scope="row">{group.group}{parts > 1 && <span class="quiet"> ({group.partition})</span>}</th>
      <td class="mono">{group.stream.replace(/^stream:/, '')}</td>
      <td class="number"><span class="lag"><span class="lag-bar" aria-hidden="true" style={{ width: `${Math.round((group.lag / most) * 60)}px` }} />{count(group.lag)}{group.isAtLeast ? '+' : ''}</span></td>
      <td class="number quiet">{group.oldestUndeliveredMs === 0 ? '' : duration(group.oldestUndeliveredMs)}</td>
      <td class="number">{count(group.pending)}</td>
      <td class="number quiet">{group.oldestPendingMs === 0 ? '' : duration(group.oldestPendingMs)}</td>
      <td class="number quiet">{count(group.length)}</td>
    </tr>
  );
}
