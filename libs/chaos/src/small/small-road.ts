import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { newEventId } from '@cascade/contracts';
import { Redis } from 'ioredis';
import { generalViolations, untilAllEnded, type Leniency } from '../oracle/oracle.js';
import { Payments } from '../oracle/payments.js';
import { Deployment, serviceCommand, type DeploymentHooks } from '../place/deployment.js';
import { Place } from '../place/place.js';
import type { ServiceCommand } from '../place/service-process.js';
import { CountingModel } from './counting-model.js';
import { expectedParts } from './definitions.js';

const main = fileURLToPath(new URL('./main.js', import.meta.url));
const role = (name: string, copy = ''): ServiceCommand => ({ name: `small-${name}${copy}`, main, args: [name] });

/** The road in miniature, with the real supervisor and git-worker; a second name of a role is a second instance. */
export const smallServices: readonly ServiceCommand[] = [role('front'), role('work'), role('tools'), serviceCommand('supervisor'), serviceCommand('git-worker')];
export const secondWorker = role('work', '-2');
export const secondSupervisor: ServiceCommand = { ...serviceCommand('supervisor'), name: 'supervisor-2' };

interface Options {
  readonly services?: readonly ServiceCommand[];
  readonly hooks?: (place: Place, payments: Payments) => DeploymentHooks;
  /** The services' address of Redis, when it is not the server's own. */
  readonly redisUrl?: (place: Place) => Promise<string>;
}

/** Many small cascades through services as processes. */
export class SmallRoad {
  readonly requested: string[] = [];

  private constructor(readonly place: Place, readonly model: CountingModel, readonly payments: Payments, readonly deployment: Deployment) {}

  static async begin({ services = smallServices, hooks, redisUrl }: Options = {}): Promise<SmallRoad> {
    const model = await CountingModel.start();
    const place = await Place.open(model.env);
    const payments = new Payments(place, model);
    const more = hooks?.(place, payments);
    const url = await redisUrl?.(place) ?? place.server.url;
    const deployment = new Deployment(place, services, {
      nextLife: (service) => {
        const life = more?.nextLife?.(service);
        return { ...life, env: { ...life?.env, REDIS_URL: url } };
      },
      died: async (service) => {
        await payments.processLost();
        await more?.died?.(service);
      },
    });
    return new SmallRoad(place, model, payments, deployment);
  }

  /** Asks for cascades; each is in the stream once, whatever happens to Redis meanwhile. */
  async request(count: number, data: Readonly<Record<string, unknown>> = {}): Promise<string[]> {
    const ids = Array.from({ length: count }, () => newEventId());
    for (const id of ids) {
      await publishOnce(this.place, id, { request: 'small', repository: '/nowhere', ...data });
      this.requested.push(id);
    }
    return ids;
  }

  /** Waits until all that was requested has ended, and says what is wrong. */
  async verdict(leniency: Leniency = {}): Promise<string[]> {
    const open = await untilAllEnded(this.place, this.requested);
    if (open.length > 0) return [...open.slice(0, 5), ...(open.length > 5 ? [`${open.length} cascades in all`] : []), ...this.deployment.unexpectedEnds];
    return [...await this.#wrongResults(), ...await this.payments.violations(), ...await generalViolations(this.place, this.deployment, leniency)];
  }

  async #wrongResults(): Promise<string[]> {
    const found = await Promise.all(this.requested.map(async (id) => {
      const [state, done] = await Promise.all([this.place.redis.hget(`cascade:${id}`, 'state'), this.place.redis.hget(`cascade:${id}:graph`, 'done')]);
      const parts = JSON.parse(done ?? '{}') as Record<string, string>;
      const expected = expectedParts(id);
      const isRight = Object.keys(expected).every((part) => parts[part] === expected[part]);
      return state === 'completed' && isRight ? [] : [`cascade ${id} ended as ${state} with ${JSON.stringify(parts)}`];
    }));
    return found.flat();
  }

  get logs(): string {
    return path.join(this.place.folder, 'logs');
  }

  async close(): Promise<void> {
    await this.deployment.stop();
    await Promise.all([this.place.close(), this.model.close()]);
  }
}

/** A connection that breaks leaves open whether the entry was added: looks, and adds it when it was not. */
async function publishOnce(place: Place, id: string, data: object): Promise<void> {
  const stream = 'stream:cascade.requested';
  const since = `${Date.now() - 60_000}-0`;
  for (;;) {
    const publisher = new Redis(place.server.url, { autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0, retryStrategy: null, lazyConnect: true });
    publisher.on('error', () => undefined);
    try {
      await publisher.xadd(stream, '*', 'type', 'cascade.requested', 'id', id, 'data', JSON.stringify(data));
      return;
    } catch {
      const recent = await place.redis.xrange(stream, since, '+'); // waits until Redis is back
      if (recent.some(([, fields]) => fields.includes(id))) return;
    } finally {
      publisher.disconnect();
    }
  }
}
