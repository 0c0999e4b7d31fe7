const MiB = 2 ** 20;
const GiB = 2 ** 30;

/** Every bound of a sandboxed run. A run that reaches one is ended and says which (`killedBy`), or gets an error inside. */
export const sandboxLimits = {
  /** Longest wall time that a caller may ask for. */
  maxTimeoutMs: 30 * 60_000,
  memoryBytes: GiB,
  /** stdout and stderr together. */
  outputBytes: MiB,
  /** What a run may add to its writable folders. */
  diskBytes: 256 * MiB,
  /** Entries (files, folders, links) that may exist in the writable folders when a run starts, and that it may add. */
  files: 50_000,
  /** One file (RLIMIT_FSIZE). */
  fileBytes: 64 * MiB,
  processes: 256,
  openFiles: 4096,
  /** Each of /tmp and /dev/shm; pages of tmpfs also count as memory where a cgroup can be used. */
  tmpBytes: 128 * MiB,
  /** Runs at the same time in one process; more wait for a free slot. */
  slots: 16,
  /** How often memory, disk and file count are looked at while a run lasts. */
  watchdogMs: 100,
  /**
   * RLIMIT_DATA above the memory limit, used only where no cgroup can be: Node reserves a 0.5 GB code range and WebAssembly
   * gigabytes, and all of it counts as data, so this is only a coarse backstop for the watchdog.
   */
  dataSlackBytes: 4 * GiB,
  /** How long to wait after the end for the kernel to have removed the last process of the run. */
  goneMs: 5_000,
  /** Default bound of a file that is read back out of a workspace. */
  artefactBytes: 8 * MiB,
} as const;

/** First kernel user id of the sandboxes; each slot of each process has its own, because RLIMIT_NPROC is summed per user. */
export const firstSandboxUid = 20_001;
/** Blocks of user ids, chosen by process id, so that services on one machine rarely share a process budget. */
export const sandboxUidBlocks = 512;

/** Where the workspace is, inside. */
export const workspaceMount = '/workspace';
/** Where the Node that runs Cascade is, inside. */
export const nodeMount = '/opt/cascade/bin/node';
/** Where a Python that does not live below /usr is, inside. */
export const pythonMount = '/opt/python';
