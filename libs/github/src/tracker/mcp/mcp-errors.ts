import { retryable, terminal, type CascadeError } from '@cascade/contracts';
import { refusedError } from '../github-errors.js';

/** GitHub asks for a minute where nothing else is said. */
const UNSAID_WAIT_MS = 60_000;

/**
 * What a tool said went wrong. The server tells it in words for models: GitHub's status stands in them, e.g.
 * `failed to create issue: POST https://…: 422 Validation Failed []`; headers do not.
 */
export function toolError(tool: string, said: string): CascadeError {
  const limit = /rate limit exceeded\. (?:Retry after (\S+)\.|Wait)/.exec(said);
  if (limit !== null) return refusedError({ status: 429, said, headers: { 'retry-after': durationSeconds(limit[1]) } }, tool);
  const status = /(?:: |status code: |status )(\d{3})\b/.exec(said)?.[1];
  if (status !== undefined) return refusedError({ status: Number(status), said, headers: {} }, tool);
  if (/could not resolve to a/i.test(said)) return refusedError({ status: 404, said, headers: {} }, tool);
  if (/missing required parameter|is required|must be/.test(said)) return refusedError({ status: 422, said, headers: {} }, tool);
  return retryable('CASC_GITHUB_UNAVAILABLE', `${tool}: the MCP server says: ${said.replace(/\s+/g, ' ').slice(0, 300)}`, { advice: 'Check that the MCP server reaches GitHub.' });
}

/** Go's way to write a duration, `1h2m3s`. */
function durationSeconds(text: string | undefined): number {
  const parts = [...(text ?? '').matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)];
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unit === 'h' ? 3600 : unit === 'm' ? 60 : 1), 0);
  return seconds > 0 ? seconds : UNSAID_WAIT_MS / 1000;
}

export const toolMissing = (tool: string): CascadeError => terminal('CASC_GITHUB_MCP_TOOL_MISSING', `The MCP server has no tool ${tool}.`, {
  advice: 'Cascade knows the tools of github-mcp-server 1.9 with the toolsets context, issues, labels, pull_requests and repos, without read-only mode; see docs/github-trackers.md.',
});

export const notByMcp = (what: string): CascadeError => terminal('CASC_GITHUB_MCP_UNSUPPORTED', `No tool of GitHub's MCP server can ${what}.`, { advice: 'Use CASCADE_GITHUB_TRACKER=rest.' });
