import { asCascadeError, docsIndex, type CommandBus, type CommandDefinition, type ReplyOf, type RequestOf, type Run } from '@cascade/contracts';

/** How long a tier waits for a branch to be indexed, and for the answer to one question, in milliseconds. */
const INDEXED_WITHIN_MS = 120_000;
const ANSWERED_WITHIN_MS = 20_000;

/** A branch at the commit that a cascade works from. */
export interface IndexedBranch {
  /** As the request names it. */
  readonly repository: string;
  readonly branch: string;
  readonly commit: string;
}

/** What a question came to, as it is journalled: a repeated run makes the same prompts. */
type Answered<D extends CommandDefinition> = { readonly reply: ReplyOf<D> } | { readonly code: string };

/**
 * The documentation graph as tiers ask it. Prompts are better with its answers and possible without: whatever is wrong
 * with it ends no cascade, but is told.
 */
export class DocsClient {
  constructor(private readonly commands: CommandBus) {}

  /** Waits until the branch can be asked as of its commit; whether it can. */
  async isIndexed(run: Run, name: string, at: IndexedBranch): Promise<boolean> {
    return (await this.exchange(run, `${name}/index`, docsIndex, { ...at }, INDEXED_WITHIN_MS)) !== undefined;
  }

  /** Asks a question in a journalled step of this name; undefined when there is no answer. Throws what `run.signal` aborts with. */
  ask<D extends CommandDefinition>(run: Run, name: string, question: D, request: RequestOf<D>): Promise<ReplyOf<D> | undefined> {
    return this.exchange(run, name, question, request, ANSWERED_WITHIN_MS);
  }

  private async exchange<D extends CommandDefinition>(run: Run, name: string, definition: D, request: RequestOf<D>, withinMs: number): Promise<ReplyOf<D> | undefined> {
    const signal = AbortSignal.any([run.signal, AbortSignal.timeout(withinMs)]);
    const answered = await run.step<Answered<D>>(name, async () => {
      try {
        return { reply: await this.commands.send(definition, request, { key: name, cascadeId: run.cascadeId, signal }) };
      } catch (error) {
        run.signal.throwIfAborted();
        return { code: asCascadeError(error).code };
      }
    });
    if ('reply' in answered) return answered.reply;
    await run.progress({ kind: 'notice', text: `the documentation graph does not answer ${definition.type} (${answered.code}); the work goes on without it` });
    return undefined;
  }
}
