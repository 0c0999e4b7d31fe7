import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkout } from '../checkout.js';
import { PLAN_VARIABLE, type Plan, type Point, type Trap } from './plan.js';

interface NextLife {
  readonly env: Readonly<Record<string, string>>;
  readonly preloads: readonly string[];
}

const preload = fileURLToPath(new URL('./preload.js', import.meta.url));

function scriptFolders(): string[] {
  return readdirSync(path.join(checkout, 'libs')).map((name) => path.join(checkout, 'libs', name, 'dist/lua')).filter((folder) => existsSync(folder));
}

function lifeWith(report: string, rest: Pick<Plan, 'traps' | 'count'>): NextLife {
  const plan: Plan = { ...rest, report, scripts: scriptFolders() };
  return { env: { [PLAN_VARIABLE]: JSON.stringify(plan) }, preloads: [preload] };
}

/** A file to which processes report, one per service. */
export class Reports {
  constructor(private readonly folder: string) {}

  /** The next life of a service dies at the first of these. */
  trapped(service: string, traps: readonly Trap[]): NextLife {
    return lifeWith(this.#file(service), { traps, count: false });
  }

  /** The next life of a service counts every instruction. */
  counting(service: string): NextLife {
    return lifeWith(this.#file(service), { traps: [], count: true });
  }

  /** What the service reported since this was asked last: names of points. */
  take(service: string): string[] {
    if (!existsSync(this.#file(service))) return [];
    const lines = readFileSync(this.#file(service), 'utf8').split('\n').filter((line) => line !== '');
    writeFileSync(this.#file(service), '');
    return lines;
  }

  #file(service: string): string {
    return path.join(this.folder, `${service}.points`);
  }
}

/** How often each point of a service was passed; from names as processes report them. */
export type Census = ReadonlyMap<string, number>;

export function countPoints(names: readonly string[]): Census {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

export function pointOf(name: string): Point {
  const space = name.indexOf(' ');
  return { side: name.slice(0, space) as Point['side'], instruction: name.slice(space + 1) };
}
