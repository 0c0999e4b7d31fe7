import type { CascadeRecord } from '@cascade/state';
import type { TimelineLine } from './follow.js';
import { LiveTree } from './live-tree.js';
import { tierName, tierOfService, ProgressModel } from './progress-model.js';
import { harmless, type Screen } from './screen.js';

/** Shows a cascade while it is followed. */
export interface View {
  line(line: TimelineLine): void;
  record(record: CascadeRecord): void;
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
    close: async () => undefined,
  };
}

function plainView(screen: Screen): View {
  return {
    line: ({ service, line }) => {
      const tier = tierOfService(service);
      const task = line.taskId === undefined ? '' : `${line.taskId}${line.status === undefined ? '' : ` ${line.status}`}: `;
      screen.notice(`[${tier === undefined ? service : tierName(tier)}] ${task}${harmless(line.text)}`);
    },
    record: () => undefined,
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
    close: () => tree.close(),
  };
}
