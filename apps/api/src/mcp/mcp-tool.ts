import type { AccessScope } from '@cascade/service-host';
import type { z } from 'zod';
import type { Client } from '../http/access.js';

/** Who calls a tool, and what the call may use. */
export interface ToolCall {
  readonly client: Client;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Tells who waits how it goes; does nothing where progress was not asked for. */
  readonly tell: (text: string) => void;
}

/** What a client may assume of a tool before it asks a person. */
export interface ToolHints {
  readonly readOnly: boolean;
  /** Calling it again in the same way does nothing more. */
  readonly idempotent: boolean;
  readonly destructive?: boolean;
}

/** One tool: what its description, its checks and its answer are made of. */
export interface McpTool<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly scope: AccessScope;
  readonly input: I;
  readonly output: O;
  readonly hints: ToolHints;
  readonly run: (input: z.output<I>, call: ToolCall) => Promise<z.input<O>>;
}

/** A tool whose input and output are known to itself alone; they are parsed before and after `run`. */
export const defineTool = <I extends z.ZodObject, O extends z.ZodObject>(tool: McpTool<I, O>): McpTool => tool as unknown as McpTool;
