/** Facts of one version are not those of another. The test beside it says which it must be. */
export const factsVersion = '730d67fe0ecd';
