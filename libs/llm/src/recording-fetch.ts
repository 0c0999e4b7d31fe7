import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Fetch } from './bounded-fetch.js';
import { completionSchema, type Completion } from './chat-answer.js';
import { parseRecording, readRequest, recordingFile, recordMessages, requestHash, toLines, type ModelRequest, type Recording } from './recording.js';

/**
 * A `fetch` that also writes every answered exchange to `directory`, one file each. What failed is not recorded.
 *
 * The first answer of a run replaces an older file. A different second answer to the same conversation gets an ordinal;
 * the same one again is not written again.
 */
export function recordingFetch(inner: Fetch, directory: string): Fetch {
  const written = new Map<string, string[]>();
  let last: Promise<unknown> = Promise.resolve();
  return async (input, init) => {
    const response = await inner(input, init);
    const text = await response.text();
    const completion = response.ok ? readCompletion(text) : undefined;
    if (completion !== undefined) {
      const request = readRequest(init?.body);
      // One at a time: two equal requests in flight would take the same ordinal.
      const write = last.then(() => store(directory, request, toRecording(request, completion), written));
      last = write.catch(() => undefined);
      await write;
    }
    return new Response(text, { status: response.status, headers: response.headers });
  };
}

function readCompletion(text: string): Completion | undefined {
  try {
    return completionSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function toRecording(request: ModelRequest, completion: Completion): Recording {
  const choice = completion.choices[0]!;
  return {
    messages: recordMessages(request),
    ...(request.response_format === undefined ? {} : { response_format: request.response_format }),
    answer: {
      model: completion.model ?? 'unknown',
      finish_reason: choice.finish_reason ?? null,
      content: toLines(choice.message.content ?? ''),
      usage: completion.usage ?? null,
    },
  };
}

async function store(directory: string, request: ModelRequest, recording: Recording, written: Map<string, string[]>): Promise<void> {
  const hash = requestHash(request);
  const answers = written.get(hash) ?? [];
  const answer = recording.answer.content.join('\n');
  if (answers.includes(answer)) return;
  if (answers.length === 0) await removeOlder(directory, hash);
  written.set(hash, [...answers, answer]);
  await mkdir(directory, { recursive: true });
  const file = recordingFile(directory, hash, answers.length + 1);
  await writeFile(`${file}.part`, `${JSON.stringify(recording, null, 2)}\n`);
  await rename(`${file}.part`, file);
}

/** Second and later answers of an earlier recording would be replayed after the new first one. */
async function removeOlder(directory: string, hash: string): Promise<void> {
  for (let ordinal = 2; await exists(recordingFile(directory, hash, ordinal)); ordinal += 1) {
    await rm(recordingFile(directory, hash, ordinal));
  }
}

async function exists(file: string): Promise<boolean> {
  return readFile(file, 'utf8').then((text) => parseRecording(file, text) !== undefined, () => false);
}
