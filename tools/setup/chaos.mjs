import path from 'node:path';
import { build, root, run, SetupError } from './commands.mjs';
import { provideTestNeeds } from './needs.mjs';

/** `npm run chaos -- [scenario…] [--seed N] [--budget SECONDS] [--repetitions N]`: breaks things and looks what is lost. */
export async function chaos(args) {
  await build();
  await provideTestNeeds();
  const { code } = await run([process.execPath, path.join(root, 'libs/chaos/dist/main.js'), ...args], { inherit: true });
  if (code !== 0) throw new SetupError('', code);
}
