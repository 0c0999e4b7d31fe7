import { describe, expect, it } from '@jest/globals';
import { splitCommand } from './split-command.js';

describe('splitCommand', () => {
  it.each([
    ['npm test', ['npm', 'test']],
    ['  python  -m pytest\t-q ', ['python', '-m', 'pytest', '-q']],
    ['node --test "a b.js" \'c d.js\'', ['node', '--test', 'a b.js', 'c d.js']],
    ['run a\\ b ""', ['run', 'a b', '']],
    ['run "say \\"hi\\" \\n"', ['run', 'say "hi" \\n']],
    ["run 'it is $HOME'", ['run', 'it is $HOME']],
    ['node --test "test/**/*.test.js"', ['node', '--test', 'test/**/*.test.js']],
  ])('splits %j', (command, words) => {
    expect(splitCommand(command)).toEqual(words);
  });

  it.each([
    'npm test && rm -rf /', 'a | b', 'a; b', 'a > b', 'a < b', 'echo $HOME', 'echo `id`', 'echo "$(id)"', 'ls *.js', 'a\nb', '(a)', '~/run', 'A=1 run', '"open', '', '   ', '""', 'a & b',
    'x '.repeat(1100), 'x '.repeat(65),
  ])('refuses %j', (command) => {
    expect(() => splitCommand(command)).toThrow(expect.objectContaining({ kind: 'terminal', code: 'CASC_TEST_COMMAND_INVALID' }));
  });
});
