import path from 'node:path';
import { countPoints, Reports, type Census } from '../fail-points/plans.js';
import { Demo, type DemoResult } from './demo.js';
import { roadServices } from './deployment.js';

export interface CalmDemo {
  readonly result: DemoResult;
  /** By service: the points that it passed, and how often. */
  readonly points: ReadonlyMap<string, Census>;
  readonly seconds: number;
}

let known: Promise<CalmDemo> | undefined;

/** The demo when nothing is broken; made once per run. Throws when even that is not right. */
export function calmDemo(): Promise<CalmDemo> {
  return known ??= runCalmly();
}

async function runCalmly(): Promise<CalmDemo> {
  const began = performance.now();
  let reports: Reports | undefined;
  const demo = await Demo.begin(({ place }) => {
    reports = new Reports(path.join(place.folder, 'logs'));
    return { nextLife: (service) => reports!.counting(service) };
  });
  try {
    const violations = await demo.verdict(undefined);
    if (violations.length > 0) throw new Error(`the undisturbed demo is not right:\n${violations.join('\n')}`);
    const points = new Map(roadServices.map((service) => [service, countPoints(reports!.take(service))]));
    return { result: demo.result(), points, seconds: (performance.now() - began) / 1000 };
  } finally {
    await demo.close();
  }
}
