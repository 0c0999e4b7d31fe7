/** Facts of one version are not those of another. The test beside it says which it must be. */
export const factsVersion = '6f1839410631';
