import { Controller } from '@nestjs/common';
import { cascadeCompleted, cascadeRequested, publication, redisKeys, type CascadeSummary, type EventOf, type Outcome, type ReplyOf, type RequestOf, type Run } from '@cascade/contracts';
import { Cascades } from '@cascade/state';
import { CommandClient, OnCommand, OnEvent, outcome } from '@cascade/streams';
import { Redis } from 'ioredis';
import { digestOf, digestText, partDone, partGiven, PARTS } from './definitions.js';

const summary: CascadeSummary = { branch: 'none', commitSha: '0'.repeat(40), stories: [], tasks: [], featureDirectory: 'specs', gate: 'PASS' };
/** What a call may cost, and costs. */
const COST = { promptTokens: 1, completionTokens: 1, usd: 0 };

/** Splits a request into parts, and gathers them under a version that only one of two concurrent handlers can win. */
@Controller()
export class FrontHandlers {
  constructor(private readonly redis: Redis, private readonly cascades: Cascades) {}

  @OnEvent(cascadeRequested)
  async split(event: EventOf<typeof cascadeRequested>, run: Run): Promise<Outcome> {
    await this.cascades.accept(event);
    const parts = await run.step('split', async () => Array.from({ length: PARTS }, (_, part) => part));
    return outcome({ publish: parts.map((part) => publication(partGiven, { part })) });
  }

  @OnEvent(partDone)
  async gather(event: EventOf<typeof partDone>, run: Run): Promise<Outcome> {
    const key = redisKeys.graph(run.cascadeId);
    const { version = '', done = '{}' } = await this.redis.hgetall(key);
    const parts = { ...JSON.parse(done) as Record<string, string>, [event.data.part]: event.data.text };
    const isLast = Object.keys(parts).length === PARTS;
    return outcome({
      save: [{ key, fields: { version: String(Number(version) + 1), done: JSON.stringify(parts) } }, ...(isLast ? [this.cascades.completedWrite(run.cascadeId, summary)] : [])],
      publish: isLast ? [publication(cascadeCompleted, { summary })] : [],
      expect: { key, field: 'version', value: version },
    });
  }
}

/** Works on a part: one paid call, one command to another service. */
@Controller()
export class WorkHandlers {
  constructor(private readonly commands: CommandClient) {}

  @OnEvent(partGiven)
  async work({ data: { part } }: EventOf<typeof partGiven>, run: Run): Promise<Outcome> {
    const { cascadeId, signal } = run;
    const text = await run.step(`call/${part}`, async () => {
      const response = await fetch(`${process.env['CHAOS_MODEL']}/${cascadeId}/${part}`, { signal });
      return response.text();
    }, { reserve: COST, usage: () => COST });
    const { digest } = await run.step(`digest/${part}`, () => this.commands.send(digestText, { text }, { key: `digest/${part}`, cascadeId, signal }));
    return outcome({ publish: [publication(partDone, { part, text: digest })] });
  }
}

@Controller()
export class ToolHandlers {
  @OnCommand(digestText)
  async digest({ text }: RequestOf<typeof digestText>): Promise<ReplyOf<typeof digestText>> {
    return { digest: digestOf(text) };
  }
}
