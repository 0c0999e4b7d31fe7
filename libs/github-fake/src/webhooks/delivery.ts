import { instant } from '../clock.js';
import { type Json } from '../json/account-json.js';
import { type Hook } from '../world/types.js';

/** A message for one hook. Its GUID stays the same however often it is sent. */
export interface Message {
  readonly guid: string;
  readonly hook: Hook;
  readonly event: string;
  readonly action: string | undefined;
  /** The exact text that is signed and sent. */
  readonly payload: string;
  readonly repositoryId: number;
  readonly installationId: number | undefined;
}

/** One attempt to deliver a message, as the log of deliveries has it. */
export interface Delivery {
  readonly id: number;
  readonly message: Message;
  readonly at: number;
  readonly isRedelivery: boolean;
  readonly requestHeaders: Readonly<Record<string, string>>;
  seconds: number;
  status: string;
  statusCode: number;
  responseHeaders: Readonly<Record<string, string>>;
  responseBody: string;
}

export function deliveryInList(delivery: Delivery): Json {
  const { message } = delivery;
  return {
    id: delivery.id, guid: message.guid, delivered_at: instant(delivery.at), redelivery: delivery.isRedelivery, duration: delivery.seconds, status: delivery.status, status_code: delivery.statusCode,
    event: message.event, action: message.action ?? null, installation_id: message.installationId ?? null, repository_id: message.repositoryId, throttled_at: null,
  };
}

export function deliveryJson(delivery: Delivery): Json {
  return {
    ...deliveryInList(delivery), url: delivery.message.hook.url,
    request: { headers: delivery.requestHeaders, payload: JSON.parse(delivery.message.payload) as unknown }, response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  };
}
