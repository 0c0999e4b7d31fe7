import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './temporary-folder.js';

/** Variables that let services keep everything in a new folder. */
export function temporaryHome(): { readonly CASCADE_HOME: string; readonly CASCADE_WORKSPACES: string } {
  const home = temporaryFolder('home');
  const workspaces = path.join(home, 'workspaces');
  mkdirSync(workspaces, { mode: 0o755 }); // the sandbox's own user reads what is below it
  return { CASCADE_HOME: home, CASCADE_WORKSPACES: workspaces };
}
