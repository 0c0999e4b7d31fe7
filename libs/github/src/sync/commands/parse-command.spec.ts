import { describe, expect, it } from '@jest/globals';
import { permissions } from '../../tracker/issue-tracker.js';
import { injections } from '../testing/injections.js';
import { mayCommand, type Commander } from './may-command.js';
import { parseCommand, type Command } from './parse-command.js';

const command = (comment: string): Command | undefined => {
  const parsed = parseCommand(comment);
  return parsed.kind === 'command' ? parsed.command : undefined;
};

describe('a comment that commands', () => {
  it.each<[string, Command]>([
    ['/cascade run', { verb: 'run', text: '' }],
    ['/cascade run only the first story\n\nwith care\n> not this', { verb: 'run', text: 'only the first story\n\nwith care' }],
    ['/cascade status', { verb: 'status' }],
    ['/cascade   status \t', { verb: 'status' }],
    ['/cascade retry\r\n\r\nThanks!', { verb: 'retry' }],
    ['Looks good to me.\n/cascade approve', { verb: 'approve', what: undefined }],
    ['/cascade approve approve/stories', { verb: 'approve', what: 'approve/stories' }],
    ['/cascade cancel the shop\u200b closes <!-- x -->', { verb: 'cancel', reason: 'the shop closes' }],
    ['/cascade answer Only logged-in people', { verb: 'answer', text: 'Only logged-in people', named: undefined }],
    ['/cascade answer clarify/2: yes\n- and\n- more', { verb: 'answer', text: 'clarify/2: yes\n- and\n- more', named: { name: 'clarify/2', text: 'yes\n- and\n- more' } }],
    ['/cascade answer\nyes', { verb: 'answer', text: 'yes', named: undefined }],
    ['> what about guests?\n\n/cascade answer no guests', { verb: 'answer', text: 'no guests', named: undefined }],
    ['```js\nconst a = 1;\n```\n\n/cascade retry', { verb: 'retry' }],
    ['```js\nconst a = 1;\n```\n/cascade retry', { verb: 'retry' }],
    ['- item\n- other\n\n/cascade retry', { verb: 'retry' }],
    ['<!-- template -->\n\n/cascade retry', { verb: 'retry' }],
    ['<details>\nlog\n</details>\n\n/cascade retry', { verb: 'retry' }],
    ['See `Array<T>` and **that**.\n\n/cascade retry', { verb: 'retry' }],
  ])('%j', (comment, expected) => {
    expect(command(comment)).toEqual(expected);
  });

  it('bounds its texts', () => {
    const long = command(`/cascade answer ${'x'.repeat(60_000)}`);
    expect(long?.verb === 'answer' && long.text.length).toBe(10_000);
    const reason = command(`/cascade cancel ${'x'.repeat(60_000)}`);
    expect(reason?.verb === 'cancel' && reason.reason.length).toBe(500);
    expect(parseCommand(`/cascade run ${'x'.repeat(70_000)}`)).toEqual({ kind: 'none' });
  });

  it('is read in no time, whatever its length', () => {
    for (const text of ['<a', '<a title="', '`', '- ', '<!--', '> ', '/cascade ', '[', '1. ']) {
      for (const joint of ['', '\n', '\n\n']) expect(parseCommand(`${`${text}${joint}`.repeat(Math.floor(60_000 / (text.length + joint.length)))}\n/cascade`).kind).toMatch(/none|refused/);
    }
  });
});

describe('comments that try to command', () => {
  it('are a corpus of more than a hundred', () => {
    expect(injections.length).toBeGreaterThanOrEqual(120);
    expect(new Set(injections.map(({ comment }) => comment)).size).toBe(injections.length);
  });

  it.each(injections)('give none $name', ({ comment, expected }) => {
    expect(parseCommand(comment).kind).toBe(expected);
    expect(parseCommand(comment.replaceAll('\n', '\r\n')).kind).toBe(expected);
  });
});

describe('who may command', () => {
  const writer: Commander = { isCascade: false, isBot: false, isEdited: false, permission: 'write', association: 'COLLABORATOR' };
  const verbs: readonly Command['verb'][] = ['run', 'status', 'cancel', 'retry', 'approve', 'answer'];

  it.each(verbs)('%s: nobody without the permission, whatever GitHub calls them', (verb) => {
    for (const permission of permissions) {
      const may = permission === 'write' || permission === 'maintain' || permission === 'admin' || (permission === 'triage' && verb === 'status');
      for (const association of ['OWNER', 'MEMBER', 'COLLABORATOR', 'CONTRIBUTOR', 'FIRST_TIMER', 'NONE', undefined]) {
        expect(mayCommand(verb, { ...writer, permission, association }).may).toBe(may);
      }
    }
  });

  it('goes by the association only where nobody can tell permissions', () => {
    for (const association of ['OWNER', 'MEMBER', 'COLLABORATOR']) expect(mayCommand('run', { ...writer, permission: undefined, association })).toEqual({ may: true });
    for (const association of ['CONTRIBUTOR', 'FIRST_TIME_CONTRIBUTOR', 'FIRST_TIMER', 'MANNEQUIN', 'NONE', 'owner', '', undefined]) {
      expect(mayCommand('run', { ...writer, permission: undefined, association })).toEqual({ may: false, why: 'no-permission' });
    }
  });

  it('is never Cascade itself, another bot, or whoever changed a comment afterwards', () => {
    expect(mayCommand('status', { ...writer, isCascade: true, permission: 'admin' })).toEqual({ may: false, why: 'ours' });
    expect(mayCommand('status', { ...writer, isBot: true, permission: 'admin' })).toEqual({ may: false, why: 'bot' });
    expect(mayCommand('status', { ...writer, isEdited: true, permission: 'admin' })).toEqual({ may: false, why: 'edited' });
  });
});
