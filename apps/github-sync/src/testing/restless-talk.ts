import type { FakeGitHub } from '@cascade/github-fake';
import type { SeededRandom } from '@cascade/testing';
import { REPOSITORY } from './sync-world.js';

/** A comment that somebody wrote on an issue. */
export interface Said {
  readonly id: number;
  readonly number: number;
  readonly author: string;
  readonly body: string;
  /** It is a command, of somebody who may command: whatever comes of it, it is answered. */
  readonly isAnswered: boolean;
}

const commands = ['status', 'run With tests.', 'retry', 'answer XL', 'approve', 'dance', 'answer size-1: M'] as const;
const chatter = ['Looks good to me.', '> /cascade cancel\n\nNo!', '```\n/cascade run\n```', 'L, please'] as const;

/** Ana, who may command, and Eve, who may not, at the issues of one history. */
export class RestlessTalk {
  readonly said: Said[] = [];

  constructor(private readonly random: SeededRandom, private readonly github: FakeGitHub) {}

  get hasCancelled(): boolean {
    return this.said.some(({ author, body }) => author === 'ana' && body.startsWith('/cascade cancel'));
  }

  act(number: number): void {
    const author = this.random.chance(0.2) ? 'eve' : 'ana';
    const isCommand = this.random.chance(0.7);
    this.say(author, number, isCommand ? `/cascade ${this.random.chance(0.06) ? 'cancel too slow' : this.random.pick(commands)}` : this.random.pick(chatter));
  }

  say(author: 'ana' | 'eve', number: number, body: string): void {
    const { id } = this.github.asPerson(author).comment({ repository: REPOSITORY, number, body });
    this.said.push({ id, number, author, body, isAnswered: author === 'ana' && body.startsWith('/cascade') });
  }
}
