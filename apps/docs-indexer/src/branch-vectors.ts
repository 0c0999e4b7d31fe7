import { Logger } from '@nestjs/common';
import { asCascadeError } from '@cascade/contracts';
import { VectorIndex, type DocsReadModel, type Embedder, type VectorCache } from '@cascade/docs-graph';

/** Where vectors come from, and where they are kept for all branches. */
export interface Embeddings {
  readonly embedder: Embedder;
  readonly cache: VectorCache;
}

/**
 * The vectors of one branch. They follow its read model in the background, one round at a time: until a round is over,
 * what has no vector yet is found by words. A round that fails is told, and begun again with the next change.
 */
export class BranchVectors {
  readonly index: VectorIndex;
  private readonly logger = new Logger('docs-indexer');
  private round: Promise<void> | undefined;
  private isOld = false;

  constructor({ embedder, cache }: Embeddings, private readonly closed: AbortSignal) {
    this.index = new VectorIndex(embedder, cache);
  }

  /** Says that the texts are others now. */
  follow(model: DocsReadModel): void {
    this.isOld = true;
    this.round ??= this.rounds(model).finally(() => { this.round = undefined; });
  }

  /** Resolves when no round runs. */
  async settled(): Promise<void> {
    await this.round;
  }

  private async rounds(model: DocsReadModel): Promise<void> {
    while (this.isOld && !this.closed.aborted) {
      this.isOld = false;
      try {
        await this.index.hold(model.texts(), this.closed);
      } catch (error) {
        if (this.closed.aborted) return;
        const { code, message } = asCascadeError(error);
        this.logger.warn(`${code}: some texts have no vectors, and are found by words: ${message}`);
      }
    }
  }
}
