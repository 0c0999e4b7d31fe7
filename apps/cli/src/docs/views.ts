import type { ReplyOf, docsDescribe, docsImpact, docsCallers, docsMap, docsSearch, docsStats } from '@cascade/contracts';
import { harmless, oneLine, type Screen } from '../screen.js';
import type { Verb } from './arguments.js';

type Symbol = ReplyOf<typeof docsDescribe>['symbol'];
type Reached = ReplyOf<typeof docsCallers>['symbols'][number];
type State = Pick<ReplyOf<typeof docsStats>, 'branch' | 'indexed_commit' | 'stale' | 'partial'>;

const SIGNATURE_WIDTH = 100;
const SUMMARY_WIDTH = 110;
const SHA = 10;

/** An answer for a person: what was asked for on stdout, how far it can be believed on stderr. */
export function showAnswer(verb: Exclude<Verb, 'index'> | Verb, data: unknown, screen: Screen): void {
  const view = new DocsView(screen);
  switch (verb) {
    case 'search': view.search(data as ReplyOf<typeof docsSearch>); break;
    case 'deps': view.reached(data as ReplyOf<typeof docsCallers>, 'calls', '→'); break;
    case 'callers': view.reached(data as ReplyOf<typeof docsCallers>, 'is called by', '←'); break;
    case 'impact': view.impact(data as ReplyOf<typeof docsImpact>); break;
    case 'describe': view.describe(data as ReplyOf<typeof docsDescribe>); break;
    case 'map': view.map(data as ReplyOf<typeof docsMap>); break;
    case 'stats': view.stats(data as ReplyOf<typeof docsStats>); break;
    case 'index': break;
  }
  view.state(data as State);
}

/** Everything that is shown comes from repositories: it must not steer the terminal. */
class DocsView {
  constructor(private readonly screen: Screen) {}

  search({ hits, notices }: ReplyOf<typeof docsSearch>): void {
    if (hits.length === 0) this.screen.notice('Nothing found.');
    for (const hit of hits) {
      this.symbol(hit);
      if (hit.summary !== '') this.screen.data(`    ${oneLine(hit.summary, SUMMARY_WIDTH)}`);
    }
    for (const notice of notices) this.screen.notice(harmless(notice));
  }

  reached({ symbol, symbols, more }: ReplyOf<typeof docsCallers>, says: string, arrow: string): void {
    this.symbol(symbol);
    if (symbols.length === 0) this.screen.notice(`Nothing that it ${says === 'calls' ? 'calls is' : 'is called by is'} known.`);
    for (const one of symbols) this.step(one, arrow);
    if (more) this.screen.notice(`It ${says} more than these.`);
  }

  impact({ symbol, callers, tests, counts, more }: ReplyOf<typeof docsImpact>): void {
    this.symbol(symbol);
    this.list(`Callers (${counts.callers} in ${counts.files} ${counts.files === 1 ? 'file' : 'files'})`, callers, (one) => this.step(one, '←'));
    this.list(`Tests (${counts.tests})`, tests, (one) => this.step(one, '←'));
    if (more) this.screen.notice('There are more than are shown.');
  }

  describe({ symbol, documentation, callers, dependencies, tests, documents, methods, counts }: ReplyOf<typeof docsDescribe>): void {
    this.symbol(symbol);
    if (documentation !== '') this.screen.data(`\n${harmless(documentation).replace(/^/gm, '    ')}`);
    this.list(`Methods (${counts.methods})`, methods, (one) => this.symbol(one, '  '));
    this.list(`Callers (${counts.callers})`, callers, (one) => this.step(one, '←'));
    this.list(`Calls (${counts.dependencies})`, dependencies, (one) => this.step(one, '→'));
    this.list(`Tests (${counts.tests})`, tests, (one) => this.symbol(one, '  '));
    this.list(`Documents (${counts.documents})`, documents, (one) => this.symbol(one, '  '));
  }

  map({ text, tokens, counts }: ReplyOf<typeof docsMap>): void {
    this.screen.data(harmless(text).trimEnd());
    this.screen.notice(this.screen.style('dim', `${tokens} tokens: ${counts.symbols} of ${counts.ofSymbols} symbols, ${counts.files} of ${counts.ofFiles} files`));
  }

  stats(stats: ReplyOf<typeof docsStats>): void {
    const { files, languages, edges, calls } = stats;
    this.row('Files', `${files.source} source, ${files.document} documents, ${files.skipped} skipped`);
    this.row('Languages', Object.entries(languages).toSorted((a, b) => b[1] - a[1]).map(([name, count]) => `${name} ${count}`).join(', '));
    this.row('Functions', `${stats.functions}, of which ${stats.tests} tests`);
    this.row('Classes', String(stats.classes));
    this.row('Sections', String(stats.documents));
    this.row('Packages', String(stats.packages));
    this.row('Calls', `${calls.call} certain, ${calls.maybe} by name only`);
    this.row('Edges', Object.entries(edges).map(([name, count]) => `${name.toLowerCase().replace('_', ' ')} ${count}`).join(', '));
  }

  state({ branch, indexed_commit: commit, stale, partial }: State): void {
    const moved = partial ? '; being indexed, there may be more' : stale ? '; the branch has gone on since, `cascade docs index` catches up' : '';
    this.screen.notice(this.screen.style('dim', `${harmless(branch)} at ${commit.slice(0, SHA)}${moved}`));
  }

  private symbol({ kind, name, signature, source }: Symbol, indent = ''): void {
    const shown = oneLine(signature === '' ? name : signature, SIGNATURE_WIDTH);
    this.screen.data(`${indent}${this.screen.dataStyle('bold', shown)}  ${this.screen.dataStyle('dim', kind)}  ${this.screen.dataStyle('cyan', harmless(source))}`);
  }

  private step({ name, kind, source, depth, confidence, at }: Reached, arrow: string): void {
    const sure = confidence === 'call' ? '' : `  ${this.screen.dataStyle('yellow', 'maybe')}`;
    this.screen.data(`${'  '.repeat(depth)}${arrow} ${this.screen.dataStyle('bold', oneLine(name, SIGNATURE_WIDTH))}  ${this.screen.dataStyle('dim', kind)}  ${this.screen.dataStyle('cyan', harmless(source))}  ${this.screen.dataStyle('dim', `call at ${harmless(at)}`)}${sure}`);
  }

  private list<Item>(title: string, items: readonly Item[], show: (item: Item) => void): void {
    if (items.length === 0) return;
    this.screen.data(`\n${title}`);
    for (const item of items) show(item);
  }

  private row(name: string, value: string): void {
    this.screen.data(`${this.screen.dataStyle('dim', name.padEnd(10))} ${harmless(value)}`);
  }
}
