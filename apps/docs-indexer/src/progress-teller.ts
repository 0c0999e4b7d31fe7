import { docsIndexProgressed, type IndexPhase } from '@cascade/contracts';
import type { EventPublisher } from '@cascade/streams';

/** Within one phase not more often; a new phase is told at once. */
const TELL_EVERY_MS = 500;

/** Publishes how far an indexing is. What cannot be published is not missed by anybody. */
export class ProgressTeller {
  private phase: IndexPhase | undefined;
  private next = 0;

  constructor(private readonly publisher: Pick<EventPublisher, 'publish'>, private readonly repository: string, private readonly cascadeId: string, private readonly now: () => number = () => performance.now()) {}

  tell(branch: string, phase: IndexPhase, done: number, total: number): void {
    const now = this.now();
    if (phase === this.phase && now < this.next) return;
    this.phase = phase;
    this.next = now + TELL_EVERY_MS;
    this.publisher.publish(docsIndexProgressed, { repository: this.repository, branch, phase, done, total }, { cascadeId: this.cascadeId }).catch(() => undefined);
  }
}
