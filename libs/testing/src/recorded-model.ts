import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ScriptedModel, type ScriptedAnswer, type ScriptedRequest } from './scripted-model.js';

interface Exchange {
  readonly messages: readonly { readonly role: string; readonly content: readonly string[] }[];
  readonly answer: { readonly content: readonly string[] };
}

const keyOf = (messages: readonly { readonly role: string; readonly content: string }[]): string => JSON.stringify(messages.map((one) => [one.role, one.content]));

/**
 * A model endpoint that answers from a recording and counts what it answers: each answer is one that would be paid.
 * It can hold back the answer to one request, so that a test kills the caller at that point without anything being paid.
 */
export class RecordedModel {
  readonly #answers = new Map<string, string>();
  readonly answered = new Map<string, number>();
  /** Prompts that the recording does not know. */
  readonly unknown: string[] = [];
  #hold: { readonly when: (request: ScriptedRequest) => boolean; readonly reached: () => void } | undefined;
  #server: ScriptedModel | undefined;

  private constructor(folder: string) {
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
      const exchange = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Exchange;
      this.#answers.set(keyOf(exchange.messages.map((one) => ({ role: one.role, content: one.content.join('\n') }))), exchange.answer.content.join('\n'));
    }
  }

  static async start(folder: string): Promise<RecordedModel> {
    const model = new RecordedModel(folder);
    model.#server = await ScriptedModel.start((request) => model.#answer(request));
    return model;
  }

  get env(): Readonly<Record<string, string>> {
    return this.#server!.env;
  }

  get size(): number {
    return this.#answers.size;
  }

  /** Resolves when a request for which `when` holds has come; it is never answered. */
  holdNext(when: (request: ScriptedRequest) => boolean): Promise<void> {
    return new Promise((resolve) => (this.#hold = { when, reached: resolve }));
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  #answer(request: ScriptedRequest): ScriptedAnswer {
    if (this.#hold?.when(request) === true) {
      const { reached } = this.#hold;
      this.#hold = undefined;
      reached();
      return { kind: 'silence' };
    }
    const key = keyOf(request.messages);
    const answer = this.#answers.get(key);
    if (answer === undefined) {
      this.unknown.push(request.prompt);
      return { kind: 'status', status: 400, body: { error: { message: 'not recorded' } } };
    }
    this.answered.set(key, (this.answered.get(key) ?? 0) + 1);
    return answer;
  }
}
