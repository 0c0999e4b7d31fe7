import { budget as budgetSchema, tenantName, terminal } from '@cascade/contracts';
import { Tenants, type TenantRecord } from '@cascade/state';
import { withCascades, withPlace, type CommandContext, type SharedOptions } from '../command-context.js';
import { exitCodes } from '../exit-codes.js';
import { isRemote } from '../place.js';

export interface BudgetOptions extends SharedOptions {
  readonly tokens?: number;
  readonly usd?: number;
}

/** Shows what a tenant may spend and has spent; sets the ceilings that are given. Throws `CASC_USAGE` (terminal). */
export async function budget(name: string, options: BudgetOptions, context: CommandContext): Promise<number> {
  const limits = budgetSchema.safeParse({ tokens: options.tokens, usd: options.usd });
  if (!limits.success || !tenantName.safeParse(name).success) {
    throw terminal('CASC_USAGE', 'A tenant\'s name has up to 63 lower-case letters, digits and dashes; its ceilings are at most 1000000000 tokens and 1000000 USD.', { advice: '`cascade budget --help` shows what is expected.' });
  }
  return withPlace(context, isRemote(context.env, options.remote), (place) => withCascades(place, async (_cascades, redis) => {
    const tenants = new Tenants(redis);
    await tenants.limit(name, limits.data);
    const tenant = await tenants.find(name);
    context.screen.data(options.json === true ? JSON.stringify(tenant) : summary(tenant));
    return exitCodes.done;
  }));
}

function summary({ name, budget: { tokens, usd }, usage }: TenantRecord): string {
  const of = (spent: number, ceiling: number | undefined, unit: string): string => `${spent}${ceiling === undefined ? '' : ` of ${ceiling}`} ${unit}`;
  return `${name}: ${of(usage.tokens, tokens, 'tokens')}, ${of(usage.usd, usd, 'USD')}, ${usage.calls} calls`;
}
