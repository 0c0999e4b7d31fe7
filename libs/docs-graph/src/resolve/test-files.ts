/** Files that hold tests by the customs of their languages: what they define helps tests, and is not what is tested. */
const testFile = /(?:^|\/)(?:tests?|__tests__|specs?|testdata)\/|\.(?:spec|test|e2e)\.[^/]+$|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.(?:py|go|rs)$|(?:Test|Tests|TestCase|IT)\.java$/;

export const isTestFile = (path: string): boolean => testFile.test(path);
