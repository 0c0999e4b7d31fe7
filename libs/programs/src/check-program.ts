import { program as programSchema, terminal, type Predictor, type Program } from '@cascade/contracts';

/**
 * A program out of untrusted JSON. Throws `CASC_PROGRAM_INVALID` (terminal) with every problem: a shape that the schema
 * refuses, or names that do not fit together.
 */
export function parseProgram(json: unknown): Program {
  const parsed = programSchema.safeParse(json);
  const findings = parsed.success ? programProblems(parsed.data) : parsed.error.issues.slice(0, 50).map((issue) => `${issue.path.join('.') || 'program'}: ${issue.message}`);
  if (!parsed.success || findings.length > 0) throw terminal('CASC_PROGRAM_INVALID', `Not a valid program: ${findings.join('; ')}`, { findings });
  return parsed.data;
}

/** What the schema alone cannot say: how a program's names fit together. */
export function programProblems(program: Program): string[] {
  const names = program.predictors.map((predictor) => predictor.name);
  return [
    ...repeated(names).map((name) => `two predictors are named ${name}`),
    ...(names.includes(program.module.predictor) ? [] : [`the module uses the unknown predictor ${program.module.predictor}`]),
    ...program.predictors.flatMap(predictorProblems),
    ...repeated(program.interface.map((entry) => `${entry.name} from ${entry.path}`)).map((name) => `the interface names ${name} twice`),
  ];
}

function predictorProblems(predictor: Predictor): string[] {
  const fields = [...predictor.signature.inputs, ...predictor.signature.outputs].map((field) => field.name);
  const reserved = ['reasoning', 'hint', 'completed'];
  return [
    ...repeated(fields).map((name) => `${predictor.name}: two fields are named ${name}`),
    ...fields.filter((name) => reserved.includes(name)).map((name) => `${predictor.name}: the field name ${name} is reserved`),
    ...predictor.constraints.filter((constraint) => !predictor.signature.outputs.some((field) => field.name === constraint.field)).map((constraint) => `${predictor.name}: constraint ${constraint.id} is about the unknown output ${constraint.field}`),
    ...predictor.demos.flatMap((demo) => Object.keys(demo)).filter((name) => name !== 'reasoning' && !fields.includes(name)).map((name) => `${predictor.name}: a demo has the unknown field ${name}`),
  ];
}

const repeated = (names: readonly string[]): string[] => [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
