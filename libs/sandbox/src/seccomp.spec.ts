import { describe, expect, it } from '@jest/globals';
import { isFilteredArchitecture, seccompFilter } from './seccomp.js';

const ALLOW = 0x7fff_0000;
const EPERM = 0x5_0001;
const KILL = 0x8000_0000;

/** A small interpreter of the filter, as the kernel would run it. */
function decide(filter: Buffer, call: { number: number; architecture: number; first?: number }): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call.number >>> 0, 0);
  data.writeUInt32LE(call.architecture, 4);
  data.writeUInt32LE((call.first ?? 0) >>> 0, 16);
  let value = 0;
  for (let at = 0; ; at += 1) {
    const [code, ifTrue, ifFalse, operand] = [filter.readUInt16LE(at * 8), filter.readUInt8(at * 8 + 2), filter.readUInt8(at * 8 + 3), filter.readUInt32LE(at * 8 + 4)];
    if (code === 0x06) return operand;
    if (code === 0x20) value = data.readUInt32LE(operand);
    else {
      const holds = code === 0x15 ? value === operand : code === 0x35 ? value >= operand : (value & operand) !== 0;
      at += holds ? ifTrue : ifFalse;
    }
  }
}

describe.each([
  ['x64', { architecture: 0xc000_003e, write: 1, socket: 41, clone: 56, ptrace: 101 }],
  ['arm64', { architecture: 0xc000_00b7, write: 64, socket: 198, clone: 220, ptrace: 117 }],
] as const)('the filter for %s', (name, numbers) => {
  const filter = seccompFilter(name);
  const { architecture } = numbers;

  it.each([
    ['ordinary calls', { number: numbers.write, architecture }, ALLOW],
    ['threads', { number: numbers.clone, architecture, first: 0x3d0f00 }, ALLOW],
    ['new user namespaces by clone', { number: numbers.clone, architecture, first: 0x1000_0000 }, EPERM],
    ['hidden flags by clone3', { number: 435, architecture }, 0x5_0026],
    ['ptrace', { number: numbers.ptrace, architecture }, EPERM],
    ['io_uring', { number: 425, architecture }, EPERM],
    ['unix sockets', { number: numbers.socket, architecture, first: 1 }, ALLOW],
    ['netlink sockets', { number: numbers.socket, architecture, first: 16 }, ALLOW],
    ['hypervisor sockets', { number: numbers.socket, architecture, first: 40 }, 0x5_0061],
    ['calls of another architecture', { number: numbers.write, architecture: 0x4000_0003 }, KILL],
  ])('decides on %s', (_what, call, verdict) => {
    expect(decide(filter, call)).toBe(verdict);
  });
});

describe('architectures', () => {
  it('knows those with a table, and kills x32 calls', () => {
    expect(isFilteredArchitecture('x64')).toBe(true);
    expect(isFilteredArchitecture('mips')).toBe(false);
    expect(decide(seccompFilter('x64'), { number: 0x4000_0001, architecture: 0xc000_003e })).toBe(KILL);
  });
});
