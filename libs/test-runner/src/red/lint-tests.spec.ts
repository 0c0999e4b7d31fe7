import { describe, expect, it } from '@jest/globals';
import { lintTests } from './lint-tests.js';

const javascript = (text: string): string[] => lintTests({ ecosystem: 'node' }, { 'a.test.js': text });
const python = (text: string): string[] => lintTests({ ecosystem: 'python' }, { 'test_a.py': text });

describe('lintTests', () => {
  it.each([
    ["test('a', () => { assert.equal(1, 1); });\nit('b', () => expect(1).toBe(1));\n"],
    ["const check = (x) => { assert.ok(x); };\ntest('a', () => { check(1); });\n"],
    ["async function expectRefusal(f) {\n  await assert.rejects(f);\n}\ntest(`a`, () => expectRefusal(f));\n"],
    ["// it.skip('x')\ntest('a', async () => { await assert.rejects(fetch('http://localhost:1')); });\n"],
    ["test.each([1, 2])('a %s', (n) => { expect(n).toBeGreaterThan(0); });\n"],
    ["test('a', (t) => { t.mock.timers.enable(); setTimeout(f, 5); assert.ok(f); });\n"],
  ])('accepts %j', (text) => expect(javascript(text)).toEqual([]));

  it.each([
    ["test.only('a', () => assert.ok(1));\n", 'only'], ["xit('a', () => {}); test('b', () => assert.ok(1));\n", 'skip'], ["test('a', { skip: true }, () => assert.ok(1));\n", 'skip'],
    ["test('a', () => { run(); });\n", '"a" asserts nothing'], ["test('a', () => assert.ok(1));\ntest('b', () => {});\n", '"b" asserts nothing'],
    ["test('a', async () => { await new Promise((r) => setTimeout(r, 50)); assert.ok(1); });\n", 'sleeps'],
    ["test('a', async () => { const r = await fetch('https://example.org'); assert.ok(r); });\n", 'network'],
    ["test('a', () => { expect(Math.random()).toBe(1); });\n", 'random'], ["test('a', () => { expect(x).toMatchSnapshot(); });\n", 'snapshot'], ['console.log(1);\n', 'holds no test'],
  ])('finds in %j: %s', (text, problem) => expect(javascript(text).join('\n')).toContain(problem));

  it.each([
    ['import unittest\nclass A(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(1, 1)\n'],
    ['def test_a():\n    assert 1\n'], ['def check(x):\n    assert x\n\ndef test_a():\n    check(1)\n'], ['def test_a():\n    with pytest.raises(ValueError):\n        f()\n'],
    ['def test_a():\n    def double(x):\n        return 2 * x\n\n    assert double(1) == 2\n'],
  ])('accepts Python %j', (text) => expect(python(text)).toEqual([]));

  it.each([
    ['@pytest.mark.skip\ndef test_a():\n    assert 1\n', 'skips'], ['def test_a():\n    f()\n', '"test_a" asserts nothing'], ['def test_a():\n    def f():\n        pass\n    f()\n\ndef test_b():\n    assert 1\n', '"test_a" asserts nothing'], ['def test_a():\n    time.sleep(1)\n    assert 1\n', 'sleeps'],
    ["def test_a():\n    assert requests.get('https://example.org')\n", 'network'], ['x = 1\n', 'holds no test'],
  ])('finds in Python %j: %s', (text, problem) => expect(python(text).join('\n')).toContain(problem));

  it('reports in the order of the paths, and leaves data files alone', () => {
    const findings = lintTests({ ecosystem: 'node' }, { 'z.test.js': '', 'a.test.js': '', 'data.json': '{}' });
    expect(findings.map((line) => line.split(':')[0])).toEqual(['a.test.js', 'z.test.js']);
  });
});
