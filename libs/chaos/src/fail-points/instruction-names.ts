import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The part of an ioredis command that says what it does. */
export interface NamedCommand {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Housekeeping of connections, and waits, which change nothing and lease nothing. */
const unnamed = new Set(['ping', 'info', 'hello', 'client', 'auth', 'select', 'subscribe', 'unsubscribe', 'xread', 'quit', 'script', 'command', 'cluster', 'readonly']);

/** Names of Lua scripts by the digest of their text, of all files `*.lua` below these folders. */
export function scriptNames(folders: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const folder of folders) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.lua'))) {
      names.set(createHash('sha1').update(readFileSync(path.join(folder, file), 'utf8')).digest('hex'), file.slice(0, -'.lua'.length));
    }
  }
  return names;
}

/**
 * What an instruction is called: a script by its file, anything else by the command and the kind of key, e.g.
 * `hget cascade:journal`. Undefined for what is no instruction of ours.
 */
export function instructionName(command: NamedCommand, scripts: ReadonlyMap<string, string>): string | undefined {
  const name = command.name.toLowerCase();
  if (unnamed.has(name)) return undefined;
  if (name === 'evalsha' || name === 'eval') {
    const [text] = command.args as [string];
    const digest = name === 'evalsha' ? text : createHash('sha1').update(text).digest('hex');
    return scripts.get(digest) ?? `script ${digest.slice(0, 8)}`;
  }
  return `${name} ${kindOfKey(name, command.args)}`.trim();
}

/** Done in the same way with every stream. */
const forAnyStream = new Set(['xautoclaim', 'xclaim', 'xgroup', 'xinfo', 'xpending']);

/** `cascade:01a2…:journal` → `cascade:journal`: a part that holds digits is an id. */
function kindOfKey(name: string, args: readonly unknown[]): string {
  if (forAnyStream.has(name)) return '';
  const [first] = args;
  const key = typeof first === 'string' || Buffer.isBuffer(first) ? first.toString() : '';
  if (/^(\{p\d+\}:)?repo-./.test(key) && !key.endsWith('repo-keys')) return 'work-item';
  if (key.startsWith('agent-')) return 'agent';
  return key.replace(/^\{p\d+\}:/, '').split(':').filter((part) => !/\d{2}/.test(part)).join(':').slice(0, 60);
}
