import { isCascadeError } from '@cascade/contracts';
import { readArtefact } from '@cascade/sandbox';

const MAX_BYTES = 20 * 2 ** 20;

/** A repository's file as text, or nothing; links and the like count as not there, because a repository is not to be trusted. */
export async function repositoryFile(folder: string, path: string): Promise<string | undefined> {
  try {
    return (await readArtefact(folder, path, MAX_BYTES)).toString('utf8');
  } catch (error) {
    if (isCascadeError(error) && error.code === 'CASC_ARTEFACT_REFUSED') return undefined;
    throw error;
  }
}
