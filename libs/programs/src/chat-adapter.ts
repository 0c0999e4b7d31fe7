import type { Predictor, ProgramField } from '@cascade/contracts';
import { formNote, parseValue, renderValue, typeName } from './field-values.js';
import { SectionTracker } from './file-sections.js';

export type Values = Readonly<Record<string, unknown>>;
/** A prompt: two texts, whatever the strategy; demonstrations are part of the first. */
export interface Prompt {
  readonly system: string;
  readonly user: string;
}

/** Bound of an answer in characters; a longer one is a problem, never cut. */
export const MAX_ANSWER_CHARS = 1_000_000;

const reasoning: ProgramField = { name: 'reasoning', description: 'Think step by step towards the answer.', type: { kind: 'string' } };
const hint: ProgramField = { name: 'hint', description: 'What came out when an earlier answer was really run.', type: { kind: 'string' } };
const header = (name: string): string => `[[ ## ${name} ## ]]`;
const headerLine = /^\[\[ ## (\w+) ## \]\](.*)$/;

/** chainOfThought is predict with a leading `reasoning` output, as in DSPy. */
export function outputsOf(predictor: Predictor): readonly ProgramField[] {
  return predictor.strategy === 'chainOfThought' ? [reasoning, ...predictor.signature.outputs] : predictor.signature.outputs;
}

function inputsOf(predictor: Predictor, values: Values): readonly ProgramField[] {
  return values['hint'] === undefined ? predictor.signature.inputs : [...predictor.signature.inputs, hint];
}

/** The section format of DSPy's ChatAdapter; byte-identical for equal predictors and values. */
export function renderPrompt(predictor: Predictor, values: Values): Prompt {
  const inputs = inputsOf(predictor, values);
  const outputs = outputsOf(predictor);
  const list = (fields: readonly ProgramField[]): string => fields.map((field, index) => `${index + 1}. \`${field.name}\` (${typeName(field.type)})${field.optional === true ? ', optional' : ''}: ${field.description}`).join('\n');
  const shape = [
    ...inputs.map((field) => `${header(field.name)}\n{${field.name}}`),
    ...outputs.map((field) => `${header(field.name)}\n{${field.name}}${note(field)}`),
    header('completed'),
  ].join('\n\n');
  const system = [
    `Your input fields are:\n${list(inputs)}`,
    `Your output fields are:\n${list(outputs)}`,
    `All interactions will be structured in the following way, with the appropriate values filled in.\n\n${shape}`,
    `In adhering to this structure, your objective is:\n${predictor.signature.instructions}`,
    ...predictor.demos.map((demo, index) => `Example ${index + 1}:\n\n${renderDemo(predictor, demo)}`),
  ].join('\n\n');
  const order = outputs.map((field) => `\`${header(field.name)}\`${field.optional === true ? ' (may be left out)' : ''}`).join(', then ');
  return { system, user: `${section(inputs, values)}\n\nRespond with the output fields in this order: ${order}, and end with the line \`${header('completed')}\`.` };
}

function note(field: ProgramField): string {
  const form = formNote(field.type);
  const text = [field.optional === true ? 'may be left out' : '', form].filter((part) => part !== '').join('; ');
  return text === '' ? '' : `        # note: ${text}`;
}

const section = (fields: readonly ProgramField[], values: Values): string =>
  fields.map((field) => `${header(field.name)}\n${renderValue(field.type, values[field.name])}`).join('\n\n');

/** An answer in the form that `parseAnswer` reads. */
export function renderAnswer(predictor: Predictor, values: Values): string {
  const given = outputsOf(predictor).filter((field) => values[field.name] !== undefined && values[field.name] !== null);
  return `${section(given, values)}\n\n${header('completed')}`;
}

function renderDemo(predictor: Predictor, demo: Values): string {
  const missing = [...predictor.signature.inputs, ...predictor.signature.outputs].some((field) => field.optional !== true && demo[field.name] === undefined);
  const given = predictor.signature.inputs.filter((field) => demo[field.name] !== undefined);
  const remark = missing ? 'This is an example of the task, though some input or output fields are not supplied.\n\n' : '';
  return `${remark}${section(given, demo)}\n\n${renderAnswer(predictor, demo)}`;
}

/**
 * The typed output values, or problems as sentences for the model. Headers count only as whole lines, only for this
 * predictor's output fields, and never inside a file section: code with fences, JSON or header-like text cannot break
 * the parse. The closing `[[ ## completed ## ]]` is required: without it the answer may have been cut.
 */
export function parseAnswer(predictor: Predictor, answer: string): { values: Values; problems: string[] } {
  if (answer.length > MAX_ANSWER_CHARS) return { values: {}, problems: [`The answer has ${answer.length} characters; at most ${MAX_ANSWER_CHARS} are read.`] };
  const outputs = outputsOf(predictor);
  const { raw, completed, repeated } = split(outputs, answer);
  const values: Record<string, unknown> = {};
  const problems = repeated.map((name) => `Field \`${name}\` appears twice; write each field once.`);
  for (const field of outputs) {
    const text = raw.get(field.name);
    if (text === undefined || (field.optional === true && /^(?:none|null|n\/a|\(none\)|\(no files\)|)$/i.test(text))) {
      if (field.optional !== true) problems.push(`Field \`${field.name}\` is missing: write the line ${header(field.name)} followed by its value.`);
      continue;
    }
    const parsed = parseValue(field.name, field.type, text);
    if ('value' in parsed) values[field.name] = parsed.value;
    else problems.push(...parsed.problems);
  }
  if (!completed) problems.push(`The closing line ${header('completed')} is missing; give the complete answer.`);
  return { values, problems };
}

function split(outputs: readonly ProgramField[], answer: string): { raw: Map<string, string>; completed: boolean; repeated: string[] } {
  const fields = new Map(outputs.map((field) => [field.name, field]));
  const raw = new Map<string, string>();
  const repeated: string[] = [];
  let current: ProgramField | undefined;
  let lines: string[] = [];
  let tracker = new SectionTracker();
  const flush = (): void => {
    if (current === undefined) return;
    if (raw.has(current.name)) repeated.push(current.name);
    else raw.set(current.name, lines.join('\n').trim());
  };
  for (const line of answer.replaceAll('\r\n', '\n').split('\n')) {
    const inside = current?.type.kind === 'files' && tracker.feed(line);
    const match = inside ? null : headerLine.exec(line.trim());
    const name = match?.[1] ?? '';
    if (match === null || (name !== 'completed' && !fields.has(name))) {
      lines.push(line);
      continue;
    }
    flush();
    if (name === 'completed') return { raw, completed: true, repeated };
    current = fields.get(name);
    tracker = new SectionTracker();
    const rest = (match[2] ?? '').trim();
    lines = rest === '' ? [] : [rest];
  }
  flush();
  return { raw, completed: false, repeated };
}
