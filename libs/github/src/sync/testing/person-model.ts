import type { SeededRandom } from '@cascade/testing';
import { parseBody } from '../body.js';
import type { Marks } from '../marks.js';
import type { ModelGithub } from './model-world.js';

/** A person at GitHub, who also does what nobody should: writes into our block, cuts marks away, pastes bodies twice. */
export class PersonModel {
  /** Words that this person wrote and did not take back: each must be found somewhere in the end. */
  readonly words = new Set<string>();
  title: string | undefined;
  #count = 0;
  readonly #random: SeededRandom;
  readonly #github: ModelGithub;
  readonly #marks: Marks;
  readonly #key: string;
  readonly #isMapped: () => boolean;

  constructor(random: SeededRandom, github: ModelGithub, marks: Marks, key: string, isMapped: () => boolean) {
    this.#random = random;
    this.#github = github;
    this.#marks = marks;
    this.#key = key;
    this.#isMapped = isMapped;
  }

  /** False when there was nothing to do it on. */
  act(action: number): boolean {
    const { issue } = this.#github;
    if (this.#github.issues.length === 0) return false;
    const { body, labels, assignees } = issue;
    switch (this.#random.below(14)) {
      case 0: return this.#patch({ title: (this.title = `A person's title ${action}`) });
      case 1: return this.#patch(issue.state === 'open' ? { state: 'closed', stateReason: 'completed' } : { state: 'open', stateReason: 'reopened' });
      case 2: return this.#patch({ labels: this.#random.chance(0.5) ? [...labels, `theirs-${action}`] : labels.filter(() => this.#random.chance(0.6)) });
      case 3: return this.#patch({ assignees: this.#random.chance(0.5) ? [...new Set([...assignees, `login-${this.#random.below(3)}`])] : [] });
      case 4: return this.#patch({ milestone: this.#random.pick([undefined, 1, 2]) });
      case 5: return this.#patch({ labels: [...labels, this.#random.pick(['status:done', 'epic', 'tier-9'])] });
      case 6: return this.#patch({ body: body.replace(/- \[[ x]\](?= \*\*FR\d)/, (box) => (box === '- [ ]' ? '- [x]' : '- [ ]')) });
      case 7: return this.#patch({ body: body.replaceAll('\n', '\r\n') });
      case 8: return this.#takeBack(body);
      case 9: return this.#patch({ body: body.replace(/Given a (?:bad )?code/, () => `Given ${this.#word()}`) });
      // An issue without any mark, of which Cascade does not know the number yet, could not be recognised.
      case 10: return this.#isMapped() && this.#patch({ body: this.#damaged(body) });
      case 11: return this.#patch({ body: `${this.#word()}\n${body}` });
      default: return this.#patch({ body: `${body}\n\nSee ${this.#word()}` });
    }
  }

  #patch(changes: Parameters<ModelGithub['patch']>[0]): boolean {
    if (changes.body === this.#github.issue.body || (changes.body?.length ?? 0) > 65_536) return false;
    // What a person takes out is not lost.
    for (const word of this.words) if (changes.body !== undefined && this.#github.issue.body.includes(word) && !changes.body.includes(word)) this.words.delete(word);
    this.#github.patch(changes, false);
    return true;
  }

  #word(): string {
    this.#count += 1;
    const word = `word-${this.#count}-`;
    this.words.add(word);
    return word;
  }

  #takeBack(body: string): boolean {
    const word = [...this.words].findLast((one) => body.includes(one));
    if (word === undefined) return false;
    this.words.delete(word);
    return this.#patch({ body: body.replaceAll(word, 'gone') });
  }

  #damaged(body: string): string {
    const marks = this.#marks.blockMarks(this.#key, body);
    const mark = marks[this.#random.below(Math.max(1, marks.length))] ?? this.#marks.lastIssueMark(this.#key, body);
    const own = parseBody(body, this.#key, this.#marks);
    switch (this.#random.below(7)) {
      case 0: return mark === undefined ? body : body.slice(0, mark.start) + body.slice(mark.end);
      case 1: return mark === undefined ? body : body.slice(0, mark.end) + body.slice(mark.start);
      case 2: return body.length > 8_000 ? body : `${body}\n${body}`;
      case 3: return body.replace(/<!-- cascade:key=[^>]*-->/, '');
      case 4: return body.replace(/sig=[0-9a-f]/, 'sig=f');
      case 5: return `<!-- cascade:begin forged -->\n${this.#word()}\n\`\`\`\n${body}`;
      default: return body.length < 4_000 && this.#random.chance(0.3) ? `${body}\n${this.#word()}${'x'.repeat(60_000)}` : `${own.before}${own.after}`;
    }
  }
}
