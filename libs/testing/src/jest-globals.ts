type Jest = typeof import('@jest/globals');

/** What jest puts into every spec file. Not imported, so that programs outside jest can use the rest of this library. */
export const jestGlobals = globalThis as unknown as Pick<Jest, 'afterAll' | 'beforeAll' | 'it'>;
