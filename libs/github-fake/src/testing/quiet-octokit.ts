import { Octokit } from '@octokit/rest';

const silent = (): void => undefined;

/** A client that does not print what a test expects to fail. */
export const quietOctokit = (baseUrl: string, auth?: string): Octokit => new Octokit({ baseUrl, ...(auth === undefined ? {} : { auth }), log: { debug: silent, info: silent, warn: silent, error: silent } });
