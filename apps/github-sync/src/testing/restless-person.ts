import { MAX_BODY, parseBody, type Marks } from '@cascade/github';
import type { FakeGitHub, SeenIssue } from '@cascade/github-fake';
import type { SeededRandom } from '@cascade/testing';
import { REPOSITORY } from './sync-world.js';

/** Two of them are there. */
export const MILESTONES = [1, 2] as const;

/** A person at one issue, who also writes into Cascade's part, cuts its marks away and pastes bodies twice. */
export class RestlessPerson {
  /** What this person wrote and did not take back: it must be found somewhere in the end. */
  readonly words = new Set<string>();
  /** Labels and people that this person put on and did not take off; what Cascade does about its own is not in it. */
  readonly labels = new Set<string>();
  readonly assignees = new Set<string>();
  title: string | undefined;
  changes = 0;

  constructor(private readonly random: SeededRandom, private readonly github: FakeGitHub, private readonly marks: Marks, private readonly key: string) {}

  act(issue: SeenIssue): void {
    const { number, body, labels, assignees } = issue;
    const edit = (changes: Parameters<ReturnType<FakeGitHub['asPerson']>['editIssue']>[0]): void => this.github.asPerson('ana').editIssue(changes);
    const at = { repository: REPOSITORY, number };
    this.changes += 1;
    switch (this.random.below(13)) {
      case 0: return edit({ ...at, title: (this.title = `A title of Ana's ${this.changes}`) });
      case 1: return edit({ ...at, state: issue.state === 'open' ? 'closed' : 'open' });
      case 2: return this.relabel(at, this.random.chance(0.5) ? [...labels, `theirs-${this.random.below(4)}`] : labels.filter(() => this.random.chance(0.6)));
      case 3: return this.assign(at, assignees);
      case 4: return edit({ ...at, milestone: this.random.pick([null, ...MILESTONES]) });
      case 5: return edit({ ...at, labels: [...labels, this.random.pick(['status:done', 'task', 'tier-9'])] });
      case 6: return this.write(at, body, body.replace(/- \[[ x]\](?= \*\*)/, (box) => (box === '- [ ]' ? '- [x]' : '- [ ]')));
      case 7: return this.write(at, body, body.replaceAll('\n', '\r\n'));
      case 8: return this.write(at, body, [...this.words].slice(-1).reduce((text, word) => text.replaceAll(word, 'gone'), body));
      case 9: return this.write(at, body, body.replace(/\ba code\b/i, (text) => `${text} ${this.word()}`));
      case 10: return this.write(at, body, this.damaged(body));
      case 11: return this.write(at, body, `${this.word()}\n${body}`);
      default: return this.write(at, body, `${body}\n\nSee ${this.word()}`);
    }
  }

  private relabel(at: { readonly repository: string; readonly number: number }, labels: readonly string[]): void {
    this.labels.clear();
    for (const label of labels) if (label.startsWith('theirs-')) this.labels.add(label);
    this.github.asPerson('ana').editIssue({ ...at, labels });
  }

  private assign(at: { readonly repository: string; readonly number: number }, assignees: readonly string[]): void {
    const isAssigned = assignees.includes('ana');
    if (isAssigned) this.assignees.delete('ana');
    else this.assignees.add('ana');
    this.github.asPerson('ana').editIssue({ ...at, assignees: isAssigned ? assignees.filter((login) => login !== 'ana') : [...assignees, 'ana'] });
  }

  private write(at: { readonly repository: string; readonly number: number }, before: string, body: string): void {
    if (body.length > MAX_BODY) return;
    for (const word of this.words) if (before.includes(word) && !body.includes(word)) this.words.delete(word);
    this.github.asPerson('ana').editIssue({ ...at, body });
  }

  private word(): string {
    const word = `word-${this.changes}-${this.words.size}-`;
    this.words.add(word);
    return word;
  }

  private damaged(body: string): string {
    const marks = this.marks.blockMarks(this.key, body);
    const mark = marks[this.random.below(Math.max(1, marks.length))];
    const { before, after } = parseBody(body, this.key, this.marks);
    switch (this.random.below(6)) {
      case 0: return mark === undefined ? body : body.slice(0, mark.start) + body.slice(mark.end);
      case 1: return mark === undefined ? body : body.slice(0, mark.end) + body.slice(mark.start);
      case 2: return body.length > 8_000 ? body : `${body}\n${body}`;
      case 3: return body.replace(/<!-- cascade:key=[^>]*-->/, '');
      case 4: return `<!-- cascade:begin forged -->\n${this.word()}\n\`\`\`\n${body}`;
      default: return `${before}${after}`;
    }
  }
}
