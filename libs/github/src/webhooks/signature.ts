import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@cascade/contracts';

const signature = /^sha256=([0-9a-f]{64})$/;

/** Whether `X-Hub-Signature-256` is a signature at all, true or not. */
export const isSignature = (header: string | undefined): header is string => signature.test(header ?? '');

/**
 * Whether a body was signed with one of the active secrets: by its bytes as they came, because whoever parses and prints
 * them again checks another text. Every secret is tried, and each comparison takes the same time, so that an answer tells
 * nothing about the secrets.
 */
export function isSignedBy(secrets: readonly Secret[], body: Uint8Array, header: string | undefined): boolean {
  const given = signature.exec(header ?? '')?.[1];
  if (given === undefined) return false;
  const digest = Buffer.from(given, 'hex');
  return secrets.filter((secret) => timingSafeEqual(createHmac('sha256', secret.reveal()).update(body).digest(), digest)).length > 0;
}

/** The header that GitHub sends with a body. */
export const signatureOf = (body: Uint8Array | string, secret: Secret): string => `sha256=${createHmac('sha256', secret.reveal()).update(body).digest('hex')}`;
