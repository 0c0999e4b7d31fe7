/**
 * Three implementations that are wrong in different ways. A test that tells none of them from the real thing tells nothing;
 * one alone would not do, because a test for an error passes when everything throws, and one for "nothing" when nothing is returned.
 */
export const stubKinds = ['throws', 'returns nothing', 'returns its first argument'] as const;
export type StubKind = (typeof stubKinds)[number];

/** What stubs of one file are made of. */
export interface StubInterface {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'constant';
  readonly signature: string;
  readonly methods: readonly string[];
}

/** Classes that are thrown have to be errors, or the test of a rejection fails for the wrong reason. */
export function isErrorClass(item: StubInterface): boolean {
  return /(Error|Exception)$/.test(item.name) || /extends \w*Error|\(\w*(Error|Exception)\)/.test(item.signature);
}
