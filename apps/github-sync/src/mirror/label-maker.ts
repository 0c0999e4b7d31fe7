import { Inject, Injectable } from '@nestjs/common';
import { fullNameOf, labelDefinitions, type IssueTracker, type TrackerRepository } from '@cascade/github';
import type { Hand } from '../state/leader-writes.js';
import { SyncSettings } from '../sync-settings.js';
import { TRACKER } from '../tracker-provider.js';

/** Gives a repository the labels of mirrored issues, with their colours, before its first issue; once in a process. */
@Injectable()
export class LabelMaker {
  private readonly made = new Set<string>();

  constructor(private readonly settings: SyncSettings, @Inject(TRACKER) private readonly tracker: IssueTracker) {}

  async ensure({ signal }: Hand, repository: TrackerRepository): Promise<void> {
    if (!this.tracker.capabilities.labels || this.made.has(fullNameOf(repository))) return;
    await this.tracker.ensureLabels(repository, labelDefinitions(this.settings.github.label), signal);
    this.made.add(fullNameOf(repository));
  }
}
