/** Facts of one version are not those of another. The test beside it says which it must be. */
export const factsVersion = '010e94ecd88a';
