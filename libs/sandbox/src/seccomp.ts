/**
 * A deny-list seccomp filter, assembled by hand as classic BPF for `bwrap --seccomp FD`, so that no native dependency is needed.
 *
 * Why a filter besides the namespaces: a network namespace does not cover AF_VSOCK (a door to the hypervisor), nor do the
 * others cover ptrace, keyrings, bpf, io_uring, memfd (memory that no watchdog sees) and the mount calls.
 */
const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER_EQUAL = 0x35;
const JUMP_SET = 0x45;
const RETURN = 0x06;

const KILL = 0x8000_0000;
const ALLOW = 0x7fff_0000;
const EPERM = 0x5_0001;
const ENOSYS = 0x5_0026;
const EAFNOSUPPORT = 0x5_0061;

/** Offsets in struct seccomp_data. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const FIRST_ARGUMENT = 16;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const NEW_NAMESPACE = 0x7e02_0000;
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: what test runners use on a loopback that leads nowhere. */
const SOCKET_FAMILIES = [1, 2, 10, 16] as const;
/** Bit that marks the x32 call numbers of an x86-64 kernel. */
const X32_BIT = 0x4000_0000;

/** The same numbers on every architecture. */
const COMMON = { io_uring_setup: 425, io_uring_enter: 426, io_uring_register: 427, open_tree: 428, move_mount: 429, fsopen: 430,
  fsconfig: 431, fsmount: 432, fspick: 433, mount_setattr: 442, memfd_secret: 447 };

const TABLES = {
  x64: {
    audit: 0xc000_003e, clone: 56, clone3: 435, socket: 41, x32: true,
    denied: { ...COMMON, ptrace: 101, process_vm_readv: 310, process_vm_writev: 311, add_key: 248, request_key: 249, keyctl: 250,
      bpf: 321, perf_event_open: 298, userfaultfd: 323, mount: 165, umount2: 166, pivot_root: 155, chroot: 161, memfd_create: 319,
      shmget: 29, setns: 308, unshare: 272, kexec_load: 246, kexec_file_load: 320, init_module: 175, finit_module: 313,
      delete_module: 176, name_to_handle_at: 303, open_by_handle_at: 304, quotactl: 179, acct: 163, swapon: 167, swapoff: 168,
      reboot: 169, settimeofday: 164, clock_settime: 227, syslog: 103 },
  },
  arm64: {
    audit: 0xc000_00b7, clone: 220, clone3: 435, socket: 198, x32: false,
    denied: { ...COMMON, ptrace: 117, process_vm_readv: 270, process_vm_writev: 271, add_key: 217, request_key: 218, keyctl: 219,
      bpf: 280, perf_event_open: 241, userfaultfd: 282, mount: 40, umount2: 39, pivot_root: 41, chroot: 51, memfd_create: 279,
      shmget: 194, setns: 268, unshare: 97, kexec_load: 104, kexec_file_load: 294, init_module: 105, finit_module: 273,
      delete_module: 106, name_to_handle_at: 264, open_by_handle_at: 265, quotactl: 60, acct: 89, swapon: 224, swapoff: 225,
      reboot: 142, settimeofday: 170, clock_settime: 112, syslog: 116 },
  },
} as const;

type Architecture = keyof typeof TABLES;
type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];

export function isFilteredArchitecture(name: string): name is Architecture {
  return name in TABLES;
}

function instructions(architecture: Architecture): Instruction[] {
  const table = TABLES[architecture];
  const program: Instruction[] = [
    [LOAD, 0, 0, ARCHITECTURE], [JUMP_EQUAL, 1, 0, table.audit], [RETURN, 0, 0, KILL], [LOAD, 0, 0, NUMBER],
  ];
  if (table.x32) program.push([JUMP_GREATER_EQUAL, 0, 1, X32_BIT], [RETURN, 0, 0, KILL]);
  for (const number of Object.values(table.denied)) program.push([JUMP_EQUAL, 0, 1, number], [RETURN, 0, 0, EPERM]);
  // clone3 hides its flags behind a pointer; glibc falls back to clone when it is missing.
  program.push([JUMP_EQUAL, 0, 1, table.clone3], [RETURN, 0, 0, ENOSYS]);
  program.push([JUMP_EQUAL, 0, 4, table.clone], [LOAD, 0, 0, FIRST_ARGUMENT], [JUMP_SET, 0, 1, NEW_NAMESPACE],
    [RETURN, 0, 0, EPERM], [RETURN, 0, 0, ALLOW]);
  const families = SOCKET_FAMILIES.length;
  program.push([JUMP_EQUAL, 0, families + 2, table.socket], [LOAD, 0, 0, FIRST_ARGUMENT]);
  SOCKET_FAMILIES.forEach((family, index) => program.push([JUMP_EQUAL, families - index, 0, family]));
  program.push([RETURN, 0, 0, EAFNOSUPPORT], [RETURN, 0, 0, ALLOW]);
  return program;
}

/** The filter as the kernel reads it: eight bytes for each instruction, little endian. */
export function seccompFilter(architecture: Architecture): Buffer {
  const program = instructions(architecture);
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, ifTrue, ifFalse, operand], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(operand >>> 0, index * 8 + 4);
  });
  return bytes;
}
