/**
 * Ids of rows: `repository@branch` for the repository, `…:folder/` for a package, `…:path` for a file, `…:path#key` for what
 * a file defines. Repositories, branches and paths are somebody else's text: in each part the signs that end it are
 * percent-encoded, so that two things never have one id, and an id can be taken apart again.
 */
export interface Scope {
  readonly repository: string;
  readonly branch: string;
}

const encoded = (text: string, signs: RegExp): string => text.replaceAll(signs, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

export const scopeId = ({ repository, branch }: Scope): string => `${encoded(repository, /[%@]/g)}@${encoded(branch, /[%:]/g)}`;

/** Git's paths neither begin nor end with a slash, so a package is no file. */
export const packageId = (scope: string, folder: string): string => `${scope}:${folder === '.' ? '' : encoded(folder, /[%#]/g)}/`;

export const fileId = (scope: string, path: string): string => `${scope}:${encoded(path, /[%#]/g)}`;

/** `key` is unique in its file. */
export const definitionId = (scope: string, path: string, key: string): string => `${fileId(scope, path)}#${key}`;
