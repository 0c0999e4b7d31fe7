import { Injectable } from '@nestjs/common';
import { docsSearch } from '@cascade/contracts';
import { isTerminal } from '@cascade/state';
import type { z } from 'zod';
import { Artefacts } from '../cascades/artefacts.js';
import { CascadeSteering } from '../cascades/cascade-steering.js';
import { StartCascade } from '../cascades/start-cascade.js';
import { answered, cancelled } from '../contract/cascade-schemas.js';
import { Partitions } from '../partitions.js';
import { CascadeFollower } from './cascade-follower.js';
import { defineTool, type McpTool, type ToolCall } from './mcp-tool.js';
import * as schemas from './tool-schemas.js';

/** What models may do here: each tool is what the route of the same meaning does. */
@Injectable()
export class McpTools {
  readonly all: readonly McpTool[];

  constructor(private readonly starter: StartCascade, private readonly steering: CascadeSteering, private readonly follower: CascadeFollower, private readonly artefacts: Artefacts, private readonly partitions: Partitions) {
    this.all = [this.start(), this.status(), this.cancel(), this.artefact(), this.search(), this.answer()];
  }

  private start(): McpTool {
    return defineTool({
      name: 'run_start', title: 'Start a cascade', scope: 'run', input: schemas.startInput, output: schemas.startOutput, hints: { readOnly: false, idempotent: true },
      description: 'Asks for a change to a git repository: stories, specification, tests and code on a branch of its own, each step proved. Gives the cascade\'s id at once; the work takes minutes to an hour. Follow it with run_status.',
      run: async ({ key, ...request }, { client }) => ({ id: await this.starter.start(request, client.name, key), state: 'running' as const }),
    });
  }

  private status(): McpTool {
    return defineTool({
      name: 'run_status', title: 'Look at a cascade', scope: 'read', input: schemas.statusInput, output: schemas.statusOutput, hints: { readOnly: true, idempotent: true },
      description: 'Where a cascade stands, what happened, what it has spent, and what it asks. Call it with the `cursor` of the answer before as `after`, and with waitSeconds, until `ended` is true. Open questions are answered with input_answer.',
      run: (input, call) => this.statusOf(input, call),
    });
  }

  private async statusOf({ id, after, waitSeconds, until, detail }: z.output<typeof schemas.statusInput>, { signal, tell }: ToolCall): Promise<z.input<typeof schemas.statusOutput>> {
    const followed = await this.follower.follow({ id, after, waitMs: waitSeconds * 1_000, until }, signal, tell);
    const { summary, tasks, stories, ...view } = await this.steering.view(id);
    const taskCounts: Record<string, number> = {};
    for (const { status } of tasks) taskCounts[status] = (taskCounts[status] ?? 0) + 1;
    return {
      ...view, ...followed, taskCounts, ended: isTerminal(view.state),
      ...(summary === undefined ? {} : { result: { branch: summary.branch, commitSha: summary.commitSha } }),
      ...(detail === 'full' ? { tasks, stories } : {}),
    };
  }

  private cancel(): McpTool {
    return defineTool({
      name: 'run_cancel', title: 'Cancel a cascade', scope: 'run', input: schemas.cancelInput, output: cancelled, hints: { readOnly: false, idempotent: true, destructive: true },
      description: 'Ends a cascade for good; what it was doing is stopped and cleaned up. The repository keeps what it had.',
      run: ({ id, reason }) => this.steering.cancel(id, reason),
    });
  }

  private artefact(): McpTool {
    return defineTool({
      name: 'artefact_get', title: 'Read what a cascade wrote', scope: 'read', input: schemas.artefactInput, output: schemas.artefactOutput, hints: { readOnly: true, idempotent: true },
      description: 'The files of a cascade as they are now, also while it runs: documents (docs/, specs/), tests and code. Without `path` it lists them.',
      run: (input) => this.artefactOf(input),
    });
  }

  private async artefactOf({ id, path, under, commit: wanted, offset, limit }: z.output<typeof schemas.artefactInput>): Promise<z.input<typeof schemas.artefactOutput>> {
    if (path === undefined) {
      const { commit, files, more } = await this.artefacts.list(id, wanted);
      const below = files.filter((file) => under === undefined || file.path.startsWith(`${under}/`));
      return { commit, files: below.slice(0, schemas.MAX_LISTED), more: more || below.length > schemas.MAX_LISTED };
    }
    const { text, commit } = await this.artefacts.get(id, path, wanted);
    const end = offset + limit;
    return { commit, path, text: text.slice(offset, end), ...(end < text.length ? { next: end } : {}) };
  }

  private search(): McpTool {
    return defineTool({
      name: 'docs_search', title: 'Search a repository\'s documentation graph', scope: 'read', input: schemas.searchInput, output: schemas.searchOutput, hints: { readOnly: true, idempotent: true },
      description: docsSearch.summary,
      run: (input) => this.partitions.of(input.repository).ask(docsSearch, input),
    });
  }

  private answer(): McpTool {
    return defineTool({
      name: 'input_answer', title: 'Answer a question', scope: 'run', input: schemas.answerInput, output: answered, hints: { readOnly: false, idempotent: true },
      description: 'Answers a question that a cascade waits with (`questions` of run_status), approvals too: ask the person whom it concerns first. The first answer counts.',
      run: ({ id, name, answer }) => this.steering.answer(id, name, answer),
    });
  }
}
