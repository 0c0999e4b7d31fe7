import { approvalGates, cascadeRequested, type DataOf } from '@cascade/contracts';
import { DEFAULT_WHILE_WAITING } from './deadline-pause.js';
import { DEFAULT_TENANT } from './tenants.js';

type Requested = DataOf<typeof cascadeRequested>;
type Hash = Readonly<Record<string, string>>;

/** A cascade's record as it begins: all that its request said is in it. `created` and `deadline` in Unix ms. */
export function firstFields(data: Requested, created: number, deadline: number): Record<string, string> {
  return {
    state: 'running',
    request: data.request,
    repository: data.repository,
    created_at: new Date(created).toISOString(),
    deadline: new Date(deadline).toISOString(),
    while_waiting: data.deadlineWhileWaiting ?? DEFAULT_WHILE_WAITING,
    tenant: data.tenant ?? DEFAULT_TENANT,
    ...given('approve', data.approve?.join(',')),
    ...given('priority', data.priority),
    ...given('branch', data.branch),
    ...given('epic_name', data.epicName),
    ...given('test_command', data.testCommand),
    ...given('deadline_minutes', data.deadlineMinutes),
    ...given('clarifications', data.clarifications),
    ...given('budget_tokens', data.budget?.tokens),
    ...given('budget_usd', data.budget?.usd),
  };
}

const given = (name: string, value: string | number | undefined): Record<string, string> => (value === undefined ? {} : { [name]: String(value) });

/** The request that `firstFields` wrote, to ask for the same again. Throws ZodError when something else wrote the hash. */
export function requestOf(hash: Hash): Requested {
  const number = (name: string): number | undefined => (hash[name] === undefined ? undefined : Number(hash[name]));
  const budget = { tokens: number('budget_tokens'), usd: number('budget_usd') };
  return cascadeRequested.schema.parse({
    request: hash['request'],
    repository: hash['repository'],
    branch: hash['branch'],
    epicName: hash['epic_name'],
    testCommand: hash['test_command'],
    budget: budget.tokens === undefined && budget.usd === undefined ? undefined : budget,
    tenant: hash['tenant'],
    deadlineMinutes: number('deadline_minutes'),
    deadlineWhileWaiting: hash['while_waiting'],
    clarifications: hash['clarifications'],
    priority: hash['priority'],
    approve: hash['approve']?.split(',').filter((gate) => (approvalGates as readonly string[]).includes(gate)),
  });
}
