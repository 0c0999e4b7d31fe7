import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { ProgramInterface, TestPlan } from '@cascade/contracts';
import { itWith, removeTemporaryFolders } from '@cascade/testing';
import { samplePlan, sampleProgram, sampleTask } from './testing/sample-plan.js';
import { answer, ScriptedModel, TaskBench } from './testing/task-bench.js';

const SLOW = 180_000;
const plan: TestPlan = { ...samplePlan([], []).project.testPlan, ecosystem: 'python', runner: 'unittest', command: ['python3', '-m', 'unittest', 'discover', '-s', 'tests'], moduleSystem: 'python', testDirectory: 'tests/' };
const total: ProgramInterface = { path: 'shop/cart.py', name: 'discounted', kind: 'function', signature: 'discounted(items, percent) -> int', behaviour: ['AC1: takes off a percentage, rounded half up'], methods: [] };
const author = sampleProgram(sampleTask('T001', 'test', { paths: ['tests/test_discount.py'] }), { interface: [total] });
const coder = sampleProgram(sampleTask('T002', 'code', { paths: ['shop/cart.py'], tests: ['T001'], dependsOn: ['T001'] }), { interface: [total] });

const before = 'def total(items):\n    return sum(items)\n';
const code = (body: string): string => answer(coder, { 'shop/cart.py': `${before}\n\ndef discounted(items, percent):\n    ${body}\n` });
const tests = answer(author, { 'tests/test_discount.py': 'import unittest\n\nfrom shop.cart import discounted\n\n\nclass Discount(unittest.TestCase):\n    def test_ac1_takes_off_a_percentage(self):\n        self.assertEqual(discounted([100, 100], 10), 180)\n\n    def test_ac1_rounds_half_up(self):\n        self.assertEqual(discounted([105], 10), 95)\n' });

describe('a unit of work in Python', () => {
  let bench: TaskBench;
  beforeAll(async () => {
    bench = await TaskBench.start({ 'shop/__init__.py': '', 'shop/cart.py': before, 'tests/__init__.py': '', 'tests/test_cart.py': 'import unittest\n\nfrom shop.cart import total\n\n\nclass Cart(unittest.TestCase):\n    def test_total(self):\n        self.assertEqual(total([1, 2]), 3)\n' });
  }, SLOW);
  afterAll(async () => { await bench.stop(); removeTemporaryFolders(); });

  itWith(['python3', '--version'], 'a unit of work in Python')('adds a function to a module that exists, red, repaired and green', async () => {
    const model = new ScriptedModel([tests, code('return round(sum(items) * (100 - percent) / 100)'), code('return (sum(items) * (100 - percent) + 50) // 100')]);
    const done = await bench.work(model, { lead: coder, tests: [author], testPlan: plan });
    expect(done.evidence).toMatchObject({ attempts: 2, redTests: ['tests/test_discount.py > Discount > test_ac1_rounds_half_up', 'tests/test_discount.py > Discount > test_ac1_takes_off_a_percentage'], report: { total: 3, passed: 3 } });
    expect(model.asked[2]!.user).toContain('AssertionError: 94 != 95');
    expect(model.asked[1]!.user).toContain(before);
  }, SLOW);
});
