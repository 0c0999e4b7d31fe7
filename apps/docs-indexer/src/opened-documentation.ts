import { Logger } from '@nestjs/common';
import { asCascadeError, terminal, type CascadeError } from '@cascade/contracts';
import { EmbeddingsEndpoint } from '@cascade/llm';
import type { ClassProvider, HostConfig } from '@cascade/service-host';
import { Documentation } from './documentation.js';

/** The documentation of this process, or why there is none: then every question is answered with the reason. */
export class OpenedDocumentation {
  private readonly closing = new AbortController();
  private work: Promise<void> | undefined;

  constructor(private readonly opened: Documentation | CascadeError) {}

  /** Throws `CASC_DOCS_UNAVAILABLE`. */
  get(): Documentation {
    if (this.opened instanceof Documentation) return this.opened;
    throw terminal('CASC_DOCS_UNAVAILABLE', `The documentation graph could not be opened: ${this.opened.message}`, { advice: this.opened.advice ?? 'Look at the log of docs-indexer; CASCADE_DOCS can be deleted, it is made again.', cause: this.opened });
  }

  get isUsable(): boolean {
    return this.opened instanceof Documentation;
  }

  /** Aborts when it is about to be closed. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** Asked for by each partition, done once. */
  async close(): Promise<void> {
    this.closing.abort();
    if (this.opened instanceof Documentation) this.work ??= this.opened.close();
    await this.work;
  }
}

/**
 * One for the whole process. Another process with the same folder serves the same questions, hence `CASC_GRAPH_IN_USE`
 * is thrown; whatever else is wrong with the graph is told to those who ask.
 */
export async function openDocumentation(config: HostConfig): Promise<ClassProvider[]> {
  const embedder = config.embeddings === undefined ? undefined : new EmbeddingsEndpoint(config.embeddings);
  const opened = await Documentation.open(config.docsFolder, config.graphEngine, embedder).catch((thrown: unknown) => {
    const error = asCascadeError(thrown);
    if (error.code === 'CASC_GRAPH_IN_USE') throw error;
    new Logger('docs-indexer').error(`${error.code}: the documentation graph in ${config.docsFolder} could not be opened: ${error.message}`);
    return error;
  });
  return [{ provide: OpenedDocumentation, useValue: new OpenedDocumentation(opened) }];
}
