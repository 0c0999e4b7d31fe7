import { existsSync } from 'node:fs';
import type { Serializable } from 'node:child_process';
import { copyStatements } from './bulk-files.js';
import { cypherBounds } from './cypher-bounds.js';
import { cypherValue } from './cypher-value.js';
import { type EngineConnection, EngineDatabase } from './engine-database.js';
import type { CypherQuestion, EngineJob, EngineReport } from './engine-jobs.js';
import type { CypherAnswer, CypherValue } from './graph-store.js';
import { schemaStatements } from './schema.js';

/** The program of an engine process: takes one job from its parent and reports. */
process.once('message', (job: EngineJob) => {
  void work(job).then(() => report({ kind: 'done' }), failed);
});
process.on('disconnect', () => process.exit());

async function work({ job, engine, file, bufferPoolBytes }: EngineJob): Promise<void> {
  const database = await EngineDatabase.open({ engine, file, bufferPoolBytes, readOnly: job === 'probe' || job === 'answer' });
  const connection = await database.connect();
  if (job === 'answer') return answerQuestions(connection);
  if (job === 'build') await build(connection);
  await connection.query('MATCH (s:Slice) RETURN sum(s.nodes)');
  if (job !== 'probe') await connection.run('CHECKPOINT');
  connection.close();
  database.close();
}

async function build(connection: EngineConnection): Promise<void> {
  for (const statement of schemaStatements) await connection.run(statement);
  for (const { file, text } of copyStatements) if (existsSync(file)) await connection.run(text);
}

function answerQuestions(connection: EngineConnection): void {
  setInterval(() => {
    if (process.memoryUsage.rss() > cypherBounds.memoryBytes) report({ kind: 'too-large' }, () => process.kill(process.pid, 'SIGKILL'));
  }, cypherBounds.lookAtMemoryMs);
  process.on('message', (question: CypherQuestion) => {
    void answer(connection, question).then((found) => report({ kind: 'answer', answer: found }), failed);
  });
}

async function answer(connection: EngineConnection, { text, parameters, rows, timeoutMs }: CypherQuestion): Promise<CypherAnswer> {
  connection.limitTime(timeoutMs);
  const found = await connection.queryOnce(text, parameters, rows);
  const answered: CypherValue[][] = [];
  let bytes = 0;
  for (const row of found.rows) {
    const values = found.columns.map((column) => cypherValue(row[column]));
    bytes += Buffer.byteLength(JSON.stringify(values));
    if (bytes > cypherBounds.answerBytes) return { columns: found.columns, rows: answered, more: true };
    answered.push(values);
  }
  return { columns: found.columns, rows: answered, more: found.more };
}

function failed(error: unknown): void {
  report({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}

function report(message: EngineReport, then: () => void = () => undefined): void {
  process.send?.(message as Serializable, then);
}
