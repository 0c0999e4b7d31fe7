import { terminal } from '@cascade/messages';
import { type FakeGitHub } from './fake-github.js';
import { type FaultOrder } from './faults/faults.js';
import { type JournalEntry } from './journal.js';
import { Person } from './people.js';
import { type AddedInstallation, type AddedToken } from './seed.js';
import { type AddedRepository } from './verbs/accounts.js';

type Body = Readonly<Record<string, unknown>>;

function faultOf(fake: FakeGitHub, body: Body): NonNullable<ReturnType<FakeGitHub['faults']['get']>> {
  const fault = fake.faults.get(Number(body['id']));
  if (fault === undefined) throw terminal('CASC_FAKE_GITHUB_FAULT', `The fake GitHub has no fault ${String(body['id'])}.`);
  return fault;
}

function act(fake: FakeGitHub, body: Body): unknown {
  const person = fake.asPerson(String(body['login']));
  const verb = String(body['verb']);
  const method: unknown = Object.hasOwn(Person.prototype, verb) && verb !== 'constructor' ? Reflect.get(person, verb) : undefined;
  if (typeof method !== 'function') throw terminal('CASC_FAKE_GITHUB_UNKNOWN', `People of the fake GitHub cannot ${verb}.`);
  return Reflect.apply(method, person, [body['with'] ?? {}]);
}

/** What tests and demonstrations in other processes order: `POST /_fake/<name>` with JSON, answered with JSON. */
export const controls: Readonly<Record<string, (fake: FakeGitHub, body: Body) => unknown>> = {
  user: (fake, body) => fake.addUser(String(body['login'])),
  organization: (fake, body) => fake.addOrganization(String(body['login']), body['members'] as readonly string[] | undefined),
  token: (fake, body) => ({ token: fake.addToken(body as unknown as AddedToken) }),
  repository: (fake, { address, ...more }) => fake.addRepository(String(address), more as AddedRepository),
  branch: (fake, body) => ({ sha: fake.addBranch(body as unknown as Parameters<FakeGitHub['addBranch']>[0]) }),
  app: (fake, body) => fake.addApp(body as unknown as AddedInstallation),
  rename: (fake, body) => fake.renameRepository(String(body['address']), String(body['name'])),
  look: (fake, body) => fake.look(String(body['address'])),
  /** `{ login, verb, with }`: a verb of Person. */
  act,
  fault: (fake, body) => ({ id: fake.faults.order(body as unknown as FaultOrder).id }),
  'fault-state': (fake, body) => ({ used: faultOf(fake, body).used }),
  'fault-happened': (fake, body) => faultOf(fake, body).happened(Number(body['times'] ?? 1)),
  'fault-release': (fake, body) => faultOf(fake, body).release(),
  clock: (fake, body) => {
    if (body['stopAt'] !== undefined) fake.clock.stopAt(Number(body['stopAt']));
    fake.clock.advance(Number(body['advance'] ?? 0));
    return { now: fake.clock.now() };
  },
  journal: (fake, body) => fake.journal.entries(body as Partial<JournalEntry>),
  writes: (fake, body) => fake.journal.writes(body as Partial<JournalEntry>),
  violations: (fake) => fake.violations(),
  settled: (fake) => fake.settled(),
};
