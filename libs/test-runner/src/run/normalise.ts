/**
 * Makes what tests print the same on every run and machine, because it becomes part of prompts, and prompts are compared byte
 * by byte with recorded ones: no colours, no absolute paths, no durations, no addresses, no frames of runners or of Node.
 */
const escapeCodes = /\u001b\[[0-9;?]*[A-Za-z]/g;
const foreignFrame = /^\s*(?:at |❯ ).*(?:node:internal|node:async_hooks|node:events|node:vm|node_modules\/|\(<anonymous>\)$|processTicksAndRejections|\/opt\/cascade\/)/;
const pythonFrame = /^\s*File "(?!\/workspace\/)[^"]*", line \d+/;
const noiseLine = /^\s*(?:duration_ms:? .*|Node\.js v\d.*|Start at\s.*|Duration\s.*|\(Use `node --trace-[\w-]+.*|.*ExperimentalWarning.*|\(node:\d+\) .*Warning.*)$/;

const replacements: readonly (readonly [RegExp, string])[] = [
  [/file:\/\/\/workspace\//g, ''],
  [/\/workspace\//g, ''],
  [/\/workspace\b/g, '.'],
  [/\/tmp\/[\w./@-]+/g, '<temporary path>'],
  [/\b0x[0-9a-fA-F]{6,16}\b/g, '<address>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/ ?\(\d+(?:\.\d+)? ?m?s\)/g, ''],
  [/\b(in|after|took|time:) \d+(?:\.\d+)? ?(?:ms|s|seconds)\b/gi, '$1 <duration>'],
  [/\b(127\.0\.0\.1|localhost|\[?::1\]?):\d{4,5}\b/g, '$1:<port>'],
  [/\b(pid|PID)[ =:]\d+/g, '$1 <pid>'],
];

/** A frame of Python's own library comes with a line of source, and since 3.11 with one of markers. */
function withoutPythonFrames(lines: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    if (!pythonFrame.test(lines[index]!)) {
      kept.push(lines[index]!);
      continue;
    }
    const indent = /^\s*/.exec(lines[index]!)![0].length;
    while (index + 1 < lines.length && /^\s*/.exec(lines[index + 1]!)![0].length > indent) index += 1;
  }
  return kept;
}

export function normalise(text: string): string {
  const lines = text.replace(escapeCodes, '').replaceAll('\r', '').split('\n').filter((line) => !foreignFrame.test(line) && !noiseLine.test(line));
  let result = withoutPythonFrames(lines).join('\n');
  for (const [pattern, replacement] of replacements) result = result.replace(pattern, replacement);
  return result.replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n').trim();
}

/** Head and tail of a text that is too long, saying how much is missing: the start names the error, the end often its cause. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  return `${text.slice(0, half)}\n… ${text.length - 2 * half} characters left out …\n${text.slice(-half)}`;
}
