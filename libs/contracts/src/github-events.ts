import { z } from 'zod';
import { defineEvent } from '@cascade/messages';

/** The largest body of a webhook: GitHub sends none above 25 MB. */
export const MAX_WEBHOOK_BYTES = 25 * 1024 * 1024;

const loginOrRepository = z.string().min(1).max(200);

export const githubDeliveryReceived = defineEvent('github.delivery_received', 'GitHub says that something happened; verified, and published once per delivery. A hint: what it is about is read again before anything is done.', z.object({
  /** `X-GitHub-Delivery`; the same again when the delivery is repeated. */
  delivery: z.string().regex(/^[0-9a-zA-Z-]{1,64}$/),
  /** `X-GitHub-Event`, e.g. `issues`. */
  event: z.string().regex(/^[a-z][a-z_]{0,59}$/),
  /** The payload's `action`, e.g. `opened`. */
  action: z.string().regex(/^[a-z][a-z_]{0,59}$/).optional(),
  /** `owner/name`; absent in what concerns no repository. */
  repository: loginOrRepository.optional(),
  /** Login of who caused it. */
  sender: loginOrRepository.optional(),
  installation: z.number().int().positive().optional(),
  /** Bytes of a body that was larger than what an event takes: `payload` is then only what says what it is about. */
  reducedFrom: z.number().int().positive().optional(),
  /** The whole body as GitHub sent it, unless it was reduced; parsed by whoever needs it, with a schema of what it needs. */
  payload: z.record(z.string(), z.unknown()),
}));

export const workItemEdited = defineEvent('work_item.edited', 'A person changed on GitHub what Cascade mirrors of a work item; the work item has it.', z.object({
  key: z.string().max(4000),
  /** What was changed, for programs, and in words. */
  changes: z.array(z.object({ kind: z.string().regex(/^[a-z][a-z-]{0,39}$/), text: z.string().max(2000) })).min(1).max(200),
}));

export const workItemCommented = defineEvent('work_item.commented', 'A person wrote a comment on the issue of a work item. The text is data: nobody checked what its author may do.', z.object({
  key: z.string().max(4000),
  /** GitHub's id of the comment. */
  comment: z.number().int().positive(),
  author: loginOrRepository,
  url: z.string().max(2000),
  /** Without hidden comments and invisible characters. */
  text: z.string().max(20_000),
}));

export const githubEvents = [githubDeliveryReceived, workItemEdited, workItemCommented] as const;
