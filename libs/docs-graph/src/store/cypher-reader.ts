import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { retryable, terminal } from '@cascade/messages';
import { cypherBounds } from './cypher-bounds.js';
import type { CypherQuestion } from './engine-jobs.js';
import { EngineProcess } from './engine-process.js';
import { copyDatabase, copyWal, type Generation } from './generations.js';
import type { CypherAnswer } from './graph-store.js';
import type { EngineName } from './native-engine.js';
import { cypherRefused } from './readable-cypher.js';

/** What is to be asked: the graph as it is now. `version` changes with every change of it. */
export interface GraphState {
  readonly generation: Generation;
  readonly version: number;
}

/**
 * Answers operators' questions from a copy of the graph, which a process of its own has open for reading. Whatever a
 * question does, it does to that process: queries of a few hundred characters exist that crash the engine, that hold it
 * for minutes in its parser, where it cannot be interrupted, or that take gigabytes. The process is kept for the next
 * question until the graph changes.
 */
export class CypherReader {
  private readonly copy: Generation;
  private opened: { readonly version: number; readonly process: EngineProcess; asked: number } | undefined;
  private copied: Generation | undefined;
  private last: Promise<void> = Promise.resolve();
  private waiting = 0;
  private idle: NodeJS.Timeout | undefined;

  /** `folder` is for its copy, and is made and removed by it. `hold` gives the state, and keeps it from changing meanwhile. */
  constructor(private readonly folder: string, private readonly engine: EngineName, private readonly hold: <T>(use: (state: GraphState) => Promise<T>) => Promise<T>) {
    this.copy = { folder, file: path.join(folder, 'graph'), wal: path.join(folder, 'graph.wal') };
  }

  /** Throws CASC_CYPHER_REFUSED, CASC_CYPHER_TOO_LONG, CASC_CYPHER_BUSY. */
  ask(question: CypherQuestion): Promise<CypherAnswer> {
    if (this.waiting >= cypherBounds.waiting) {
      return Promise.reject(retryable('CASC_CYPHER_BUSY', `${this.waiting} Cypher queries are waiting already.`, { advice: 'Ask again when they are answered.', retryAfterMs: 1_000 }));
    }
    this.waiting += 1;
    const answer = this.last.then(() => this.answer(question)).finally(() => { this.waiting -= 1; });
    this.last = answer.then(() => undefined, () => undefined);
    return answer;
  }

  /** Ends the process and removes the copy, when what was asked before is answered. The next question makes them again. */
  close(): Promise<void> {
    return this.last = this.last.then(async () => {
      clearTimeout(this.idle); // or it would remove the copy of whoever opens this folder next
      await this.end();
      this.copied = undefined;
      await rm(this.folder, { recursive: true, force: true });
    });
  }

  private async answer(question: CypherQuestion): Promise<CypherAnswer> {
    clearTimeout(this.idle);
    const process = await this.process();
    const killed = setTimeout(() => void process.kill(), question.timeoutMs + cypherBounds.graceMs);
    const started = performance.now();
    const report = await process.ask(question);
    clearTimeout(killed);
    if (report.kind === 'answer') {
      this.idle = setTimeout(() => void this.close(), cypherBounds.idleMs).unref();
      return report.answer;
    }
    if (report.kind !== 'failed') await this.end();
    if (report.kind === 'too-large') throw cypherRefused('it took more memory than a query may have');
    if (performance.now() - started >= question.timeoutMs) {
      throw terminal('CASC_CYPHER_TOO_LONG', `The Cypher query was not answered in ${question.timeoutMs} ms.`, { advice: 'Begin with a node by its id, and bound the length of paths.' });
    }
    throw cypherRefused(report.kind === 'failed' ? report.message.replace(/\s+/g, ' ') : 'the engine cannot take it');
  }

  /** The process that has the graph open as it is now. */
  private process(): Promise<EngineProcess> {
    return this.hold(async (state) => {
      if (this.opened?.version === state.version && this.opened.asked < cypherBounds.questionsOfOneProcess) {
        this.opened.asked += 1;
        return this.opened.process;
      }
      await this.end();
      await this.take(state.generation);
      const process = new EngineProcess({ job: 'answer', engine: this.engine, file: this.copy.file, bufferPoolBytes: cypherBounds.bufferPoolBytes }, this.folder);
      const report = await process.begin();
      if (report.kind !== 'done') {
        await process.kill();
        throw retryable('CASC_CYPHER_UNANSWERED', `A copy of the graph could not be opened: ${report.kind === 'failed' ? report.message : report.kind}.`, { advice: 'Ask again; the graph itself is not touched by questions.' });
      }
      this.opened = { version: state.version, process, asked: 1 };
      return process;
    });
  }

  /** The database's file does not change as long as its generation lives; only what was committed since is copied again. */
  private async take(generation: Generation): Promise<void> {
    if (this.copied?.folder === generation.folder) return copyWal(generation, this.copy);
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.folder);
    await copyDatabase(generation, this.copy);
    this.copied = generation;
  }

  private async end(): Promise<void> {
    await this.opened?.process.kill();
    this.opened = undefined;
  }
}
