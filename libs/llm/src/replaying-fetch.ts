import { readFile } from 'node:fs/promises';
import type { Fetch } from './bounded-fetch.js';
import { fromLines, parseRecording, readRequest, recordingFile, requestHash, type Recording } from './recording.js';
import { replayMiss } from './replay-miss.js';

/**
 * A `fetch` that answers from a recording and never reaches a network. The same conversation asked again gets the next
 * recorded answer, and the last one from then on.
 * Throws terminal `CASC_REPLAY_MISS`, which shows where the nearest recorded prompt begins to differ.
 */
export function replayingFetch(directory: string): Fetch {
  const asked = new Map<string, number>();
  return async (_input, init) => {
    init?.signal?.throwIfAborted();
    const request = readRequest(init?.body);
    const hash = requestHash(request);
    const times = (asked.get(hash) ?? 0) + 1;
    asked.set(hash, times);
    const recording = await load(directory, hash, times);
    if (recording === undefined) throw await replayMiss(directory, hash, request);
    return toResponse(recording);
  };
}

/** The recording with this ordinal, or the last one before it; `undefined` when there is none. */
async function load(directory: string, hash: string, ordinal: number): Promise<Recording | undefined> {
  for (let nth = ordinal; nth >= 1; nth -= 1) {
    const file = recordingFile(directory, hash, nth);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return parseRecording(file, text);
  }
  return undefined;
}

function toResponse(recording: Recording): Response {
  const { answer } = recording;
  const completion = {
    object: 'chat.completion',
    model: answer.model,
    choices: [{ index: 0, finish_reason: answer.finish_reason, message: { role: 'assistant', content: fromLines(answer.content) } }],
    ...(answer.usage === null ? {} : { usage: answer.usage }),
  };
  return new Response(JSON.stringify(completion), { status: 200, headers: { 'content-type': 'application/json' } });
}
