import { createHmac, timingSafeEqual } from 'node:crypto';

const signature = /^sha256=([0-9a-f]{64})$/;

/** What a delivery's `X-Hub-Signature-256` says of its body. */
export type SignatureCheck =
  /** Signed with one of the active secrets. */
  | 'signed'
  /** No signature of the kind that counts. */
  | 'unsigned'
  /** Signed with a secret that is not (or no longer) active, or changed on its way. */
  | 'forged';

/**
 * Checks a signature over the bytes as they came; whoever parses and prints them again checks another text. Every secret
 * is tried, and each comparison takes the same time, so that an answer tells nothing about the secrets or their number.
 */
export function checkSignature(body: Uint8Array, header: string | undefined, secrets: readonly string[]): SignatureCheck {
  const given = signature.exec(header ?? '')?.[1];
  if (given === undefined) return 'unsigned';
  const bytes = Buffer.from(given, 'hex');
  const matches = secrets.filter((secret) => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), bytes));
  return matches.length > 0 ? 'signed' : 'forged';
}

/** The header that GitHub would send with a body. */
export const signatureOf = (body: Uint8Array | string, secret: string): string => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
