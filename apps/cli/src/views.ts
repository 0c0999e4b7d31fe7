import type { CascadeRecord, TimelineLine } from '@cascade/state';
import { LiveTree } from './live-tree.js';
import { tierName, tierOfService, ProgressModel } from './progress-model.js';
import { harmless, type Screen } from './screen.js';

/** Shows a cascade while it is followed. */
export interface View {
  line(line: TimelineLine): void;
  record(record: CascadeRecord): void;
  /** Stands still and leaves the screen to a question, until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Leaves the last state on the screen. */
  close(): Promise<void>;
}

/** JSON lines with `--json`, a tree that changes in place on a terminal, plain lines elsewhere. */
export function openView(json: boolean, screen: Screen): View {
  if (json) return jsonView(screen);
  return screen.terminal === undefined ? plainView(screen) : treeView(screen.terminal);
}

function jsonView(screen: Screen): View {
  return {
    line: ({ at, service, line }) => screen.data(JSON.stringify({ type: 'progress', at, service, ...line })),
    record: () => undefined,
    pause: async () => undefined,
    resume: async () => undefined,
    close: async () => undefined,
  };
}

function plainView(screen: Screen): View {
  const held: TimelineLine[] = [];
  let paused = false;
  const show = ({ service, line }: TimelineLine): void => {
    const tier = tierOfService(service);
    const task = line.taskId === undefined ? '' : `${line.taskId}${line.status === undefined ? '' : ` ${line.status}`}: `;
    screen.notice(`[${tier === undefined ? service : tierName(tier)}] ${task}${harmless(line.text)}`);
  };
  return {
    line: (line) => void (paused ? held.push(line) : show(line)),
    record: () => undefined,
    pause: async () => { paused = true; },
    resume: async () => {
      paused = false;
      for (const line of held.splice(0)) show(line);
    },
    close: async () => undefined,
  };
}

function treeView(terminal: NodeJS.WriteStream): View {
  const model = new ProgressModel();
  const tree = new LiveTree(model, terminal);
  return {
    line: (line) => {
      model.apply(line);
      tree.update();
    },
    record: (record) => {
      model.record = record;
      tree.update();
    },
    pause: () => tree.pause(),
    resume: () => tree.resume(),
    close: () => tree.close(),
  };
}
