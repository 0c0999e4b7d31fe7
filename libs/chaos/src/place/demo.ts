import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { newEventId } from '@cascade/contracts';
import { priceList, RecordedModel, removeTemporaryFolder, type SampleRepository } from '@cascade/testing';
import { Payments } from '../oracle/payments.js';
import { generalViolations, recordOf, untilAllEnded } from '../oracle/oracle.js';
import { Deployment, roadServices, serviceCommand, type DeploymentHooks } from './deployment.js';
import { Place } from './place.js';

/** What the undisturbed demo leaves in the user's repository. */
export interface DemoResult {
  /** Mode, hash and path of every file, except reports that name commits, which carry their time. */
  readonly files: readonly string[];
  /** Subjects of the commits, sorted. The order in which independent tasks are merged is free, and with it which of them need a merge commit. */
  readonly commits: readonly string[];
}

/** The demo of examples/price-list, with every service in a process of its own and the model replayed and counted. */
export class Demo {
  private constructor(
    readonly place: Place, readonly model: RecordedModel, readonly payments: Payments, readonly deployment: Deployment,
    private readonly repository: SampleRepository, readonly cascade: string,
  ) {}

  /** Starts the services, all unless told otherwise, and asks as any Redis client would ask. */
  static async begin(hooks: (demo: { readonly payments: Payments; readonly place: Place }) => DeploymentHooks = () => ({}), services: readonly string[] = roadServices): Promise<Demo> {
    const model = await RecordedModel.start(priceList.recording);
    const place = await Place.open(model.env);
    const payments = new Payments(place, model);
    const { nextLife, died } = hooks({ payments, place });
    const deployment = new Deployment(place, services.map(serviceCommand), {
      ...(nextLife === undefined ? {} : { nextLife }),
      died: async (service) => {
        await payments.processLost();
        await died?.(service);
      },
    });
    const repository = priceList.repository();
    const id = newEventId();
    const data = { request: priceList.request, repository: repository.folder };
    await place.redis.xadd('stream:cascade.requested', '*', 'type', 'cascade.requested', 'id', id, 'data', JSON.stringify(data));
    return new Demo(place, model, payments, deployment, repository, id);
  }

  /** Waits for the end, and says what is wrong with it; `calm` is undefined for the run that others are compared with. */
  async verdict(calm: DemoResult | undefined): Promise<string[]> {
    const open = await untilAllEnded(this.place, [this.cascade]);
    if (open.length > 0) return [...open, ...this.deployment.unexpectedEnds, ...this.#unknownPrompts()];
    return [
      ...await this.#outcomeViolations(calm), ...this.#unknownPrompts(), ...await this.payments.violations(),
      ...await generalViolations(this.place, this.deployment),
    ];
  }

  async #outcomeViolations(calm: DemoResult | undefined): Promise<string[]> {
    const record = await recordOf(this.place, this.cascade);
    if (record?.state !== 'completed') return [`the demo ended as ${record?.state}: ${JSON.stringify(record?.problem)}`];
    const calls = record.usage.calls === this.model.size ? [] : [`the journal counts ${record.usage.calls} model calls, the recording has ${this.model.size}`];
    return calm === undefined ? calls : [...calls, ...differences('file', calm.files, this.result().files), ...differences('commit', calm.commits, this.result().commits)];
  }

  #unknownPrompts(): string[] {
    return this.model.unknown.map((prompt) => `a prompt differs from the undisturbed run's: …${prompt.slice(-300)}`);
  }

  /** What is in the user's repository now. */
  result(): DemoResult {
    const git = (...args: string[]): string[] => execFileSync('git', ['-C', this.repository.folder, ...args], { encoding: 'utf8' }).trim().split('\n');
    const [branch = ''] = git('for-each-ref', '--format=%(refname)', 'refs/heads/cascade/');
    return {
      files: git('ls-tree', '-r', branch).filter((line) => !/docs\/qa\/(reports|gates)\//.test(line)),
      commits: git('log', '--no-merges', '--format=%s', `main..${branch}`).toSorted(),
    };
  }

  async close(): Promise<void> {
    await this.deployment.stop();
    await Promise.all([this.place.close(), this.model.close()]);
    removeTemporaryFolder(path.dirname(this.repository.folder));
  }
}

function differences(what: string, expected: readonly string[], actual: readonly string[]): string[] {
  return [
    ...expected.filter((one) => !actual.includes(one)).map((one) => `${what} of the undisturbed run is missing: ${one}`),
    ...actual.filter((one) => !expected.includes(one)).map((one) => `${what} that the undisturbed run does not have: ${one}`),
    ...(expected.length === actual.length ? [] : [`${actual.length} ${what}s instead of ${expected.length}`]),
  ];
}
