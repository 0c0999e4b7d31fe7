import { fileURLToPath } from 'node:url';
import { Secret } from '@cascade/contracts';
import type { McpServer } from '../github-config.js';
import type { IssueTracker } from '../issue-tracker.js';
import { McpConnection } from '../mcp/mcp-connection.js';
import { McpTracker } from '../mcp/mcp-tracker.js';
import { openFakeWorld, type FakeWorld } from './fake-world.js';
import type { Missing, TrackerWorld } from './tracker-world.js';

/** What no tool of github-mcp-server 1.9 does; docs/github-trackers.md. */
export const missingByMcp: readonly Missing[] = ['exactness', 'etags', 'milestones', 'comment-edits', 'history'];

/** The fake MCP server as a command; needs this project to be built. */
export const fakeMcpCommand: McpServer = { kind: 'command', argv: [process.execPath, fileURLToPath(new URL('../../../dist/tracker/testing/fake-mcp-main.js', import.meta.url))] };

/** The fake GitHub, reached through an MCP server that `serve` starts for it. */
export async function openMcpWorld(serve: (world: FakeWorld) => Promise<{ readonly server: McpServer; readonly web?: string; close(): Promise<void> }>): Promise<TrackerWorld> {
  const world = await openFakeWorld();
  const { server, web, close } = await serve(world);
  const connections: McpConnection[] = [];
  const tracker = async (token: string): Promise<IssueTracker> => {
    const connection = new McpConnection({ server, token: new Secret(token), web: web ?? world.github.url, installation: 'tests' });
    connections.push(connection);
    return await McpTracker.open(connection);
  };
  return {
    ...world, tracker: await tracker(world.token), stranger: await tracker('nobody'), permissions: { octo: 'admin', ada: 'write', bea: 'triage' },
    close: async () => {
      for (const connection of connections) await connection.close();
      await close();
      await world.close();
    },
  };
}
