import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { commands, events } from './index.js';

describe('contracts', () => {
  it('give every type one definition', () => {
    const types = [...events, ...commands].map((definition) => definition.type);
    expect(new Set(types).size).toBe(types.length);
  });

  it('have a JSON Schema for every payload', () => {
    const schemas = [...events.map((event) => event.schema), ...commands.flatMap((command) => [command.request, command.reply])];
    for (const schema of schemas) expect(z.toJSONSchema(schema, { io: 'input' })).toMatchObject({ type: 'object' });
  });
});
