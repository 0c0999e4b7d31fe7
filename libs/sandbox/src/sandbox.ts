/** A host file or folder that the command sees at another place. */
export interface SandboxMount {
  readonly from: string;
  /** Absolute, inside; neither the root nor below /proc, /dev, /etc or /usr. */
  readonly to: string;
}

export interface SandboxRunOptions {
  /** Host folder that becomes `/workspace`, writable; its `.git` is hidden. When Cascade is root it is given to the sandbox's user. */
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly memoryBytes?: number;
  /** Added to a minimal environment; nothing of the host's environment is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly readOnly?: readonly SandboxMount[];
  readonly writable?: readonly SandboxMount[];
  readonly maxOutputBytes?: number;
  readonly maxDiskBytes?: number;
  readonly maxFiles?: number;
  readonly maxFileBytes?: number;
  readonly maxProcesses?: number;
  readonly signal?: AbortSignal;
}

/** Which bound ended a run. */
export type KilledBy = 'timeout' | 'output' | 'memory' | 'disk' | 'files' | 'processes' | 'abort';

export interface SandboxResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly killedBy: KilledBy | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly wallMs: number;
}

/** How this machine holds a sandbox: for `doctor` and logs. */
export interface SandboxDescription {
  readonly bwrap: string;
  readonly memory: 'cgroup-v2' | 'cgroup-v1' | 'watchdog';
  readonly ownUser: boolean;
  readonly ownProc: boolean;
  readonly node: string;
  readonly python: string | undefined;
}

/** Runs one command of untrusted code, cut off from network, secrets, and every folder but its own. */
export interface Sandbox {
  readonly description: SandboxDescription;
  /**
   * Runs `argv` (no shell) and returns when no process of it is left. A command that fails or is killed is a result, not an error.
   * Throws CASC_SANDBOX_OPTIONS (terminal) for options out of bounds, CASC_SANDBOX_START_FAILED (retryable) when the sandbox
   * could not be set up, CASC_SANDBOX_PROGRAM_MISSING (terminal) when there is no program of that name inside.
   */
  run(argv: readonly string[], options: SandboxRunOptions): Promise<SandboxResult>;
  /**
   * Gives a folder to the sandbox's user when Cascade is root, so that code inside can read and write it; `run` does it for
   * `cwd` and the writable mounts by itself. Throws CASC_SANDBOX_FOLDER (terminal) when that user cannot reach the folder.
   */
  prepareFolder(folder: string): Promise<void>;
}
