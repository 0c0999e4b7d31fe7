import { z } from 'zod';
import type { CommandDefinition, EventDefinition } from '@cascade/messages';

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema | boolean;
}

/** A payload's fields to the second level: enough to read; the JSON Schema has the rest. */
function shape(schema: JsonSchema, depth = 0): string {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return [...new Set(alternatives.map((one) => shape(one, depth)))].join(' \\| ');
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' \\| ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.items !== undefined) return `[${shape(schema.items, depth)}]`;
  if (schema.properties === undefined) return typeof schema.additionalProperties === 'object' ? `{ …: ${shape(schema.additionalProperties, depth)} }` : String(schema.type ?? 'any');
  if (depth > 1) return 'object';
  const fields = Object.entries(schema.properties).map(([name, value]) => `${name}${schema.required?.includes(name) === true ? '' : '?'}: ${shape(value, depth + 1)}`);
  return `{ ${fields.join(', ')} }`;
}

function table(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { io: 'input', reused: 'inline', unrepresentable: 'any' }) as JsonSchema;
  const rows = Object.entries(json.properties ?? {}).map(([name, value]) => `| \`${name}\` | ${json.required?.includes(name) === true ? 'yes' : ''} | ${shape(value, 1)} |`);
  return ['| field | required | value |', '|---|---|---|', ...rows].join('\n');
}

/** docs/events.md, from the definitions themselves; a test keeps the file equal to this. */
export function renderContractDocs(events: readonly EventDefinition[], commands: readonly CommandDefinition[]): string {
  return [
    '# Events and commands',
    '',
    '<!-- Generated from libs/contracts by `npm run docs`; a test keeps it true. -->',
    '',
    'Each event type has one stream, `stream:<type>`. An entry is a CloudEvents 1.0 event in binary mode: one field per attribute (`specversion` `id` `source` `type` `time` `subject` `datacontenttype` `dataschema` `correlationid` `causationid` `expirytime` `traceparent`) and `data`, which is JSON. An outside publisher needs only `type` and `data`.',
    '',
    '## Events',
    ...events.flatMap((event) => ['', `### \`${event.type}\``, '', event.summary, '', `\`dataschema\`: \`${event.dataschema}\``, '', table(event.schema)]),
    '',
    '## Commands',
    '',
    'Requests with one answer, on `stream:<type>` as well; the answer is kept under `reply:<command id>` for a while, so that a repeated command is answered, not repeated.',
    ...commands.flatMap((command) => ['', `### \`${command.type}\``, '', command.summary, '', 'Request:', '', table(command.request), '', 'Reply:', '', table(command.reply)]),
    '',
  ].join('\n');
}
