import { Demo, type DemoResult } from './demo.js';

let known: Promise<DemoResult> | undefined;

/** The result of the demo when nothing is broken; made once per run. Throws when even that is not right. */
export function calmDemo(): Promise<DemoResult> {
  return known ??= runCalmly();
}

async function runCalmly(): Promise<DemoResult> {
  const demo = await Demo.begin();
  try {
    const violations = await demo.verdict(undefined);
    if (violations.length > 0) throw new Error(`the undisturbed demo is not right:\n${violations.join('\n')}`);
    return demo.result();
  } finally {
    await demo.close();
  }
}
