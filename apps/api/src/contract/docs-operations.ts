import { docsCommands, docsCypher, docsIndex, docsIndexRequested, type CommandDefinition } from '@cascade/contracts';
import { z } from 'zod';
import { defineOperation, type Operation } from './operation.js';

const tag = 'documentation';

/** The last part of a command's path: `docs.class_methods` → `class-methods`. */
const verbOf = ({ type }: CommandDefinition): string => type.replace(/^docs\./, '').replaceAll('_', '-');
const nameOf = (definition: CommandDefinition): string => `Docs${verbOf(definition).replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}`;

/** Questions to the documentation graph: each is the command of the same name. */
export const docsQuestions: readonly { readonly command: CommandDefinition; readonly operation: Operation }[] = docsCommands
  .filter((command) => command !== docsIndex)
  .map((command: CommandDefinition) => ({
    command,
    operation: {
      id: `docs${nameOf(command).slice(4)}`, method: 'POST', path: `/v1/docs/${verbOf(command)}`, tag, scope: command === docsCypher ? 'admin' : 'read', summary: command.summary,
      body: z.strictObject((command.request as z.ZodObject).shape),
      answers: { 200: { description: 'The answer, with the commit that it is about.', name: `${nameOf(command)}Answer`, schema: command.reply } },
      problems: [404, 422, 503],
    },
  }));

export const indexDocs = defineOperation({
  id: 'indexDocs', method: 'POST', path: '/v1/docs/index', tag, scope: 'run', summary: docsIndexRequested.summary,
  body: z.strictObject(docsIndexRequested.schema.shape),
  answers: { 202: { description: 'It is asked for; `docs.indexed` or `docs.index_failed` with this id as `correlationid` tells the end.', name: 'IndexRequested', schema: z.object({ id: z.string() }) } },
});
