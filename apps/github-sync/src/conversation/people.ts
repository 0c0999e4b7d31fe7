import { Inject, Injectable, Logger } from '@nestjs/common';
import { mayCommand, type Command, type IssueTracker, type Permission, type TrackerRepository } from '@cascade/github';
import type { Hand } from '../state/leader-writes.js';
import { TRACKER } from '../tracker-provider.js';

/** How long what somebody may do is believed, in milliseconds, and of how many people. */
const BELIEVED_MS = 60_000;
const MAX_BELIEVED = 500;

/** Who speaks: as a comment or a delivery names them. */
export interface Speaker {
  readonly login: string;
  readonly association?: string | undefined;
  readonly isCascade: boolean;
  readonly isEdited: boolean;
}

/**
 * Who may command. Whoever may not gets no answer: in a public repository an answer to anybody would let strangers make
 * Cascade write, which uses up the limits of everybody and notifies all who watch.
 */
@Injectable()
export class People {
  private readonly logger = new Logger('github-sync');
  private readonly believed = new Map<string, { readonly permission: Permission; readonly until: number }>();

  constructor(@Inject(TRACKER) private readonly tracker: IssueTracker) {}

  async may(hand: Hand, verb: Command['verb'], repository: TrackerRepository, speaker: Speaker): Promise<boolean> {
    const quick = { isCascade: speaker.isCascade, isBot: speaker.login.endsWith('[bot]'), isEdited: speaker.isEdited, association: speaker.association };
    const permission = quick.isCascade || quick.isBot || quick.isEdited || !this.tracker.capabilities.permissions ? undefined : await this.permissionOf(hand, repository, speaker.login);
    const verdict = mayCommand(verb, { ...quick, permission });
    if (!verdict.may) this.logger.log(`${JSON.stringify(speaker.login)} may not command ${verb} in ${repository.owner}/${repository.name}: ${verdict.why}`);
    return verdict.may;
  }

  private async permissionOf({ signal }: Hand, repository: TrackerRepository, login: string): Promise<Permission> {
    const name = `${repository.owner}/${repository.name}\n${login}`;
    const known = this.believed.get(name);
    if (known !== undefined && known.until > performance.now()) return known.permission;
    const permission = await this.tracker.permissionOf(repository, login, signal);
    if (this.believed.size >= MAX_BELIEVED) this.believed.clear();
    this.believed.set(name, { permission, until: performance.now() + BELIEVED_MS });
    return permission;
  }
}
