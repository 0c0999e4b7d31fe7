// Loaded into a service before its own code (`node --import`): dies by SIGKILL where the plan says. The services know
// nothing of it; every command passes through `sendCommand` of ioredis, and git through `spawn`.
import childProcess from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Redis } from 'ioredis';
import { gitInstruction } from './git-instruction.js';
import { instructionName, scriptNames, type NamedCommand } from './instruction-names.js';
import { PLAN_VARIABLE, pointName, type Plan, type Point } from './plan.js';

const plan = JSON.parse(process.env[PLAN_VARIABLE] ?? '{"traps":[],"scripts":[]}') as Plan;
const scripts = scriptNames(plan.scripts);
const occurrences = new Map<string, number>();

function pass(point: Point): void {
  const name = pointName(point);
  const count = (occurrences.get(name) ?? 0) + 1;
  occurrences.set(name, count);
  if (plan.count) return appendFileSync(plan.report, `${name}\n`);
  if (!plan.traps.some((trap) => trap.occurrence === count && pointName(trap) === name)) return;
  appendFileSync(plan.report, `${name}\n`);
  process.kill(process.pid, 'SIGKILL');
}

interface Sent extends NamedCommand {
  readonly promise: Promise<unknown>;
}
type Send = (this: Redis, command: Sent, ...rest: unknown[]) => unknown;

function watchRedis(): void {
  const prototype = Redis.prototype as unknown as { sendCommand: Send };
  const send = prototype.sendCommand;
  const seen = new WeakSet<Sent>(); // what is sent before the connection stands passes here a second time
  prototype.sendCommand = function watched(command, ...rest) {
    const instruction = instructionName(command, scripts);
    if (instruction === undefined || seen.has(command)) return send.call(this, command, ...rest);
    seen.add(command);
    pass({ instruction, side: 'before' });
    const answered = (): void => pass({ instruction, side: 'after' });
    command.promise.then(answered, () => undefined);
    return send.call(this, command, ...rest);
  };
}

type Spawn = (file: string, args?: readonly string[], options?: object) => childProcess.ChildProcess;

function watchGit(): void {
  const spawn = childProcess.spawn as unknown as Spawn;
  const watched: Spawn = (file, args, options) => {
    const instruction = gitInstruction(file, args ?? []);
    if (instruction === undefined) return spawn(file, args, options);
    pass({ instruction, side: 'before' });
    const child = spawn(file, args, options);
    child.once('exit', () => pass({ instruction, side: 'after' }));
    return child;
  };
  (childProcess as unknown as { spawn: Spawn }).spawn = watched;
  syncBuiltinESMExports();
}

watchRedis();
watchGit();
