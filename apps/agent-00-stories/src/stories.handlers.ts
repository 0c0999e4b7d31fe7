import { Controller } from '@nestjs/common';
import { prdPath, riskScore, slugify } from '@cascade/bmad';
import {
  cascadeRequested, gitCommit, gitOpenRepository, gitTestCommit, project as projectSchema, publication, storiesApproved, terminal, workItemEvents,
  type Effect, type EventOf, type Outcome, type Project, type ReplyOf, type Run, type TestPlan,
} from '@cascade/contracts';
import { DocsClient } from '@cascade/docs-client';
import { Model } from '@cascade/llm';
import { Agents, Approvals, Cascades, type Proposal } from '@cascade/state';
import { CommandClient, OnEvent } from '@cascade/streams';
import { detectTestPlan } from '@cascade/test-runner';
import { Redis } from 'ioredis';
import { RedisChatStore } from './chat/chat-store.js';
import { askForGuide, needsGuide, type Guide } from './repository/guide.js';
import { listRepository, readRepository, type RepositoryFiles } from './repository/read-repository.js';
import { foundPaths, repositoryContext, type RepositoryContext } from './repository/repository-context.js';
import { storyDocuments, type DocumentFile } from './story-documents.js';
import { storyItems } from './story-items.js';
import { assemble, type Stories } from './team/assemble.js';
import { discuss, type Agreement } from './team/story-team.js';
import { triedTests } from './tried-tests.js';

type Requested = EventOf<typeof cascadeRequested>;
type Opened = ReplyOf<typeof gitOpenRepository>;

/** Tier 0: a group chat turns a request into an epic with stories that the validators accept. */
@Controller()
export class StoriesHandlers {
  private readonly docs: DocsClient;

  constructor(
    private readonly commands: CommandClient,
    private readonly model: Model,
    private readonly cascades: Cascades,
    private readonly agents: Agents,
    private readonly approvals: Approvals,
    private readonly redis: Redis,
  ) {
    this.docs = new DocsClient(commands);
  }

  @OnEvent(cascadeRequested)
  async writeStories(event: Requested, run: Run): Promise<Outcome> {
    await this.cascades.accept(event);
    await this.agents.register(run, { tier: 0, folder: 'docs/stories' });
    await run.progress({ kind: 'tier', text: 'reading the repository' });
    const opened = await this.open(event, run);
    const { repository, guide } = await this.read(event, run, opened);
    const testPlan = planTests(repository, event.data.testCommand);
    await this.tryTests(run, opened, testPlan);
    const agreed = await this.discuss(event, run, repositoryContext(repository, testPlan, event.data.request, guide), testPlan);
    const project = await this.project(event, run, opened, testPlan, agreed, guide);
    const stories = assemble(project.epicId, agreed.draft, agreed.design);
    const documents = storyDocuments(stories, { repositoryName: opened.repositoryName, testPlan, hasPrd: repository.all.some((entry) => entry.path === prdPath), date: event.time.slice(0, 10) });
    const committed = await this.commit(project, documents, run);
    await this.approvals.require(run, 'stories', () => proposal(project, stories, agreed, documents, committed));
    await report(run, agreed, stories.stories.length, documents);
    const concerns = agreed.concerns.map((finding) => ({ ...finding, ...(finding.storyId === undefined ? {} : { storyId: `${project.epicId}.${finding.storyId.split('.')[1] ?? ''}` }) }));
    const save = storyItems(stories, { project, cascadeId: run.cascadeId, modifiedAt: Date.now(), concerns });
    return {
      save,
      publish: [{
        ...publication(storiesApproved, { project, epic: stories.epic, stories: [...stories.stories], documents: documents.map((file) => file.path), integrationSha: committed }),
        ...(event.data.priority === undefined ? {} : { priority: event.data.priority }),
      }, ...workItemEvents(save)],
    };
  }

  private async open(event: Requested, run: Run): Promise<Opened> {
    const { repository, branch } = event.data;
    const effect = { kind: 'git.repository', key: repository, undo: {} } satisfies Effect;
    const opened = await run.effect(effect, () => this.commands.send(gitOpenRepository, {
      cascadeId: run.cascadeId, repository, ...(branch === undefined ? {} : { branch }),
    }, { key: 'stories/open repository', cascadeId: run.cascadeId, signal: run.signal }));
    for (const text of opened.notices) await run.progress({ kind: 'notice', text });
    return opened;
  }

  /** A repository that a prompt cannot hold is read where the documentation graph says that the request is about. */
  private async read(event: Requested, run: Run, opened: Opened): Promise<{ repository: RepositoryFiles; guide: Guide | undefined }> {
    const { request, repository } = event.data;
    const at = { repositoryId: opened.repositoryId, commit: opened.baseSha };
    const entries = await listRepository(this.commands, run, at);
    const guide = needsGuide(entries) ? await askForGuide(this.docs, run, { repository, branch: opened.branch, commit: opened.baseSha }, request) : undefined;
    return { guide, repository: await readRepository(this.commands, run, at, entries, request, foundPaths(guide)) };
  }

  /**
   * What would end the cascade in tier 3 ends it here, before anything is paid for: packages that cannot be installed, a
   * sandbox that does not work, a suite that does not run. Throws CASC_TESTS_BROKEN (terminal) and what the command throws.
   */
  private async tryTests(run: Run, { repositoryId, baseSha }: Opened, testPlan: TestPlan): Promise<void> {
    await run.progress({ kind: 'tier', text: `the repository's own tests are run with ${testPlan.command.join(' ')}` });
    const key = 'stories/try tests';
    const tried = await run.step(key, () => this.commands.send(gitTestCommit, {
      cascadeId: run.cascadeId, repositoryId, commit: baseSha, testPlan,
    }, { key, cascadeId: run.cascadeId, signal: run.signal }));
    const text = triedTests(tried, testPlan);
    if (text !== undefined) await run.progress({ kind: 'notice', text });
  }

  private async discuss(event: Requested, run: Run, context: RepositoryContext, testPlan: TestPlan): Promise<Agreement> {
    const { request, clarifications } = event.data;
    await run.progress({ kind: 'tier', text: `the team discusses the request (${context.files.size} files, tests run with ${testPlan.command.join(' ')})` });
    const store = new RedisChatStore(this.redis, run.cascadeId);
    return discuss(store, this.model, { request, repository: context.text, files: context.files, mayAsk: clarifications === 'ask' }, run);
  }

  /** Numbers the epic, after the last moment at which the cascade could fail without leaving a gap. */
  private async project(event: Requested, run: Run, opened: Opened, testPlan: TestPlan, agreed: Agreement, guide: Guide | undefined): Promise<Project> {
    const epicId = await run.step('stories/reserve epic', () => this.cascades.reserveEpic(opened.repositoryName, run.cascadeId, opened.nextEpicId));
    return projectSchema.parse({
      request: event.data.request, repositoryId: opened.repositoryId, repositoryName: opened.repositoryName, branch: opened.branch, baseSha: opened.baseSha,
      epicId, epicName: slugify(event.data.epicName ?? agreed.draft.title), clarifications: event.data.clarifications ?? 'assume', testPlan,
      ...(guide === undefined ? {} : { docs: { repository: event.data.repository } }),
    });
  }

  private async commit(project: Project, documents: readonly DocumentFile[], run: Run): Promise<string> {
    const { sha } = await run.step('stories/commit documents', () => this.commands.send(gitCommit, {
      cascadeId: run.cascadeId, repositoryId: project.repositoryId, target: { kind: 'integration' }, files: [...documents],
      subject: `docs(${project.epicName}): epic ${project.epicId} with its stories`, body: '', trailers: [{ name: 'Cascade-Id', value: run.cascadeId }],
    }, { key: 'stories/commit documents', cascadeId: run.cascadeId, signal: run.signal }));
    return sha;
  }
}

/**
 * How the repository runs its tests. Throws CASC_NO_TESTS (terminal) when it has none and no command is given: a guessed
 * runner would decide how all later tests are written.
 */
function planTests(repository: RepositoryFiles, testCommand: string | undefined): TestPlan {
  const texts = new Map(repository.files.map((file) => [file.path, file.text]));
  const plan = detectTestPlan({ entries: [...repository.all], read: (path) => texts.get(path), ...(testCommand === undefined ? {} : { testCommand }) });
  if (plan === undefined || (plan.exampleTest === undefined && testCommand === undefined)) {
    throw terminal('CASC_NO_TESTS', 'No tests were found in the repository: no test files that Cascade knows how to run.', {
      advice: 'Add a first test, or name the command that runs the tests with --test-command "…".',
    });
  }
  return plan;
}

/** What a person decides on before the stories are handed on. */
function proposal(project: Project, { epic, stories }: Stories, agreed: Agreement, documents: readonly DocumentFile[], commit: string): Proposal {
  return {
    question: `Approve epic ${epic.id}, ${epic.title}, with ${stories.length} ${stories.length === 1 ? 'story' : 'stories'}?`,
    lines: [
      ...stories.map((story) => `${story.id} ${story.title} (${story.criteria.length} acceptance criteria, highest risk ${Math.max(0, ...story.risks.map(riskScore))} of 9)`),
      ...agreed.concerns.map((finding) => `concern: ${finding.message}`),
    ],
    repositoryId: project.repositoryId, commit, paths: documents.map((file) => file.path),
  };
}

async function report(run: Run, agreed: Agreement, count: number, documents: readonly DocumentFile[]): Promise<void> {
  for (const finding of agreed.concerns) await run.progress({ kind: 'notice', text: `concern${finding.storyId === undefined ? '' : ` (story ${finding.storyId.split('.')[1] ?? ''})`}: ${finding.message}` });
  for (const file of documents) await run.progress({ kind: 'artefact', text: file.path });
  await run.progress({ kind: 'tier', text: `${count} stories approved after ${agreed.rounds} rounds` });
}
