import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { findingsOf, isDeeperThan, MAX_DATA_DEPTH, type DataOf, type githubDeliveryReceived } from '@cascade/contracts';

/** What Cascade's hooks are told of; the same list makes a hook and decides what is published. */
export const hookEvents = ['issues', 'issue_comment', 'sub_issues', 'pull_request', 'push'] as const;
export type HookEvent = (typeof hookEvents)[number];

/** The headers of a delivery that say what it is. */
export interface DeliveryHeaders {
  readonly delivery: string | undefined;
  readonly event: string | undefined;
}

/** CloudEvents attributes by the CloudEvents GitHub adapter, except `id` (the delivery) and `specversion`. */
export interface CloudAttributes {
  /** The transport's own `type` is fixed, so this one travels as the extension `githubtype`. */
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  /** RFC 3339; undefined where the adapter has the time of arrival. */
  readonly time: string | undefined;
}

export type ParsedDelivery =
  | { readonly kind: 'delivery'; readonly data: DataOf<typeof githubDeliveryReceived>; readonly attributes: CloudAttributes }
  /** Nothing that Cascade does anything about. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'malformed'; readonly why: string };

const deliveryId = /^[0-9a-zA-Z-]{1,64}$/;
const word = /^[a-z][a-z_]{0,59}$/;
const eventName = /^[a-z][a-z0-9_]{0,99}$/;

const number = z.number().int().positive();
const address = z.string().max(500).regex(/^https?:\/\/\S+$/);
/** Only the adapter's `time` is taken from it: no reason to refuse a delivery. */
const time = z.iso.datetime({ offset: true }).optional().catch(undefined);

const common = {
  repository: z.object({ full_name: z.string().regex(/^[^/\s]{1,100}\/[^/\s]{1,100}$/), url: address }),
  sender: z.object({ login: z.string().min(1).max(200) }).optional(),
  installation: z.object({ id: number }).optional(),
};
const action = z.string().regex(word);

interface Common {
  readonly action?: string | undefined;
  readonly repository: { readonly full_name: string };
  readonly sender?: { readonly login: string } | undefined;
  readonly installation?: { readonly id: number } | undefined;
}
interface Read {
  readonly body: Common;
  readonly attributes: CloudAttributes;
}

function read(body: Common, type: string, source: string, subject: string | number, at?: string): Read {
  return { body, attributes: { type: `com.github.${type}`, source, subject: String(subject), time: at } };
}

/** By event, what a body must have, and what the adapter makes of it. */
const bodies: Readonly<Record<HookEvent, z.ZodType<Read>>> = {
  issues: z.object({ ...common, action, issue: z.object({ number, updated_at: time }) })
    .transform((body) => read(body, `issue.${body.action}`, body.repository.url, body.issue.number, body.issue.updated_at)),
  issue_comment: z.object({ ...common, action, issue: z.object({ url: address }), comment: z.object({ id: number, updated_at: time }) })
    .transform((body) => read(body, `issue_comment.${body.action}`, body.issue.url, body.comment.id, body.comment.updated_at)),
  // The adapter is older than sub-issues; this follows its reading of issues.
  sub_issues: z.object({ ...common, action, sub_issue: z.object({ number, updated_at: time }) })
    .transform((body) => read(body, `sub_issues.${body.action}`, body.repository.url, body.sub_issue.number, body.sub_issue.updated_at)),
  pull_request: z.object({ ...common, action, number, pull_request: z.object({ updated_at: time }) })
    .transform((body) => read(body, `pull_request.${body.action}`, body.repository.url, body.number, body.pull_request.updated_at)),
  push: z.object({ ...common, ref: z.string().min(1).max(1_000) })
    .transform((body) => read(body, 'push', body.repository.url, body.ref)),
};

/**
 * What a delivery says, once its signature is known to be good. `body`: the bytes as they came, of bounded size. Never
 * throws: a body that is not one of GitHub's is `malformed`, with a reason that quotes no values.
 */
export function parseDelivery(headers: DeliveryHeaders, body: Buffer): ParsedDelivery {
  const { delivery = '', event = '' } = headers;
  if (!deliveryId.test(delivery)) return malformed('X-GitHub-Delivery is missing or not an id');
  if (!eventName.test(event)) return malformed('X-GitHub-Event is missing or not the name of an event');
  const payload = jsonObject(body);
  if (typeof payload === 'string') return malformed(payload);
  if (!isHookEvent(event)) return { kind: 'unknown' };
  const parsed = bodies[event].safeParse(payload);
  if (!parsed.success) return malformed(findingsOf(parsed.error).slice(0, 3).join('; '));
  const { body: known, attributes } = parsed.data;
  return {
    kind: 'delivery',
    data: {
      delivery, event, payload, repository: known.repository.full_name,
      ...(known.action === undefined ? {} : { action: known.action }),
      ...(known.sender === undefined ? {} : { sender: known.sender.login }),
      ...(known.installation === undefined ? {} : { installation: known.installation.id }),
    },
    attributes,
  };
}

const malformed = (why: string): ParsedDelivery => ({ kind: 'malformed', why });
const isHookEvent = (event: string): event is HookEvent => (hookEvents as readonly string[]).includes(event);

/** A JSON object of bounded depth, or what is wrong with it. */
function jsonObject(body: Buffer): Record<string, unknown> | string {
  if (!isUtf8(body)) return 'the body is not UTF-8';
  const text = body.toString('utf8');
  if (isDeeperThan(text, MAX_DATA_DEPTH)) return `the body is nested deeper than ${MAX_DATA_DEPTH} levels`;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : 'the body is no JSON object';
  } catch {
    return 'the body is not JSON (the hook\'s content type must be application/json)';
  }
}
