import { z } from 'zod';

/** Fields of a hash that says what may be spent and what is: of a cascade, and of a tenant. Written by record-step and settle-spending. */
export const spendingFields = {
  budget_tokens: z.coerce.number().optional(),
  budget_usd: z.coerce.number().optional(),
  usage_calls: z.coerce.number().default(0),
  usage_prompt_tokens: z.coerce.number().default(0),
  usage_completion_tokens: z.coerce.number().default(0),
  usage_usd: z.coerce.number().default(0),
};
