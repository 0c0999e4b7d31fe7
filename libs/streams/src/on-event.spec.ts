import { describe, expect, it } from '@jest/globals';
import { Controller, type Type } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import type { EventOf, Outcome } from '@cascade/messages';
import { OnCommand } from './on-command.js';
import { OnEvent } from './on-event.js';
import { nothing } from './outcome.js';
import { add, otherGiven, workGiven } from './testing/definitions.js';
import { startTestService } from './testing/test-service.js';

/** No Redis is reached: the handlers are refused before the transport starts. */
const start = (controller: Type): Promise<unknown> => startTestService('redis://127.0.0.1:1', controller);

describe('OnEvent and OnCommand', () => {
  it('accept only handlers of their definition, at compile time', () => {
    class Handlers {
      @OnEvent(workGiven)
      async right(event: EventOf<typeof workGiven>): Promise<Outcome> {
        return event.data.n > 0 ? nothing() : nothing();
      }

      // @ts-expect-error the payload of another event
      @OnEvent(workGiven)
      async wrongEvent(_event: { data: { path: string } }): Promise<Outcome> {
        return nothing();
      }

      // @ts-expect-error no outcome
      @OnEvent(workGiven)
      async wrongResult(): Promise<string> {
        return '';
      }

      // @ts-expect-error not the reply of the command
      @OnCommand(add)
      async wrongReply(): Promise<{ total: number }> {
        return { total: 1 };
      }
    }
    expect(Reflect.getMetadataKeys(Handlers.prototype.right)).toContain('microservices:pattern');
  });

  it('refuses two handlers of one event in a service', async () => {
    @Controller()
    class Twice {
      @OnEvent(workGiven)
      async first(): Promise<Outcome> { return nothing(); }

      @OnEvent(workGiven)
      async second(): Promise<Outcome> { return nothing(); }
    }
    await expect(start(Twice)).rejects.toMatchObject({ code: 'CASC_HANDLER_DUPLICATE', message: 'test has two handlers of work.given.' });
  });

  it('refuses a handler without a definition', async () => {
    @Controller()
    class Untyped {
      @EventPattern<string>(otherGiven.type)
      async handle(): Promise<void> { /* never called */ }
    }
    await expect(start(Untyped)).rejects.toMatchObject({ code: 'CASC_HANDLER_UNTYPED' });
  });
});
