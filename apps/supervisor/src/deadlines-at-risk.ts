/** Less time left than this, in milliseconds, is a risk. */
export const RISK_MS = 5 * 60_000;
/** Less of its time left than this part is a risk. */
export const RISK_PART = 0.1;
const LAST_TIER = 3;

export interface CascadeTime {
  /** Unix ms. */
  readonly createdAt: number;
  readonly deadline: number;
  readonly tier: number;
}

/** In the last tier most of the way is behind, and nobody need be alarmed. */
export function isAtRisk({ createdAt, deadline, tier }: CascadeTime, now: number): boolean {
  const left = deadline - now;
  return tier < LAST_TIER && (left < RISK_MS || left < RISK_PART * (deadline - createdAt));
}
