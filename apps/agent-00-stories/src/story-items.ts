import { describeFinding, epicPath, highestRisk, plannedCoverage, riskProfilePath, riskSummary, slugify, storyPath, storyRiskScore, testDesignPath, type Finding } from '@cascade/bmad';
import { workItemWrite, type Project, type StateWrite, type Story, type WorkItemKey } from '@cascade/contracts';
import type { Stories } from './team/assemble.js';

interface ItemContext {
  readonly project: Project;
  readonly cascadeId: string;
  /** Unix milliseconds. */
  readonly modifiedAt: number;
  readonly concerns: readonly Finding[];
}

/** The work items of the tier: the epic, each story, and each story's risk profile and test design as QA assessments. */
export function storyItems({ epic, stories }: Stories, context: ItemContext): StateWrite[] {
  const { project } = context;
  const base = { cascadeId: context.cascadeId, modifiedAt: context.modifiedAt };
  const epicKey = { repo: project.repositoryName, branch: project.branch, epicId: String(project.epicId), epicName: project.epicName };
  const concerns = (story?: string): string => JSON.stringify(context.concerns.filter((finding) => finding.storyId === story).map(describeFinding));
  return [
    workItemWrite({ ...base, key: { kind: 'epic', ...epicKey }, status: 'Approved', title: epic.title, documentPath: epicPath(epic), document: epic, columns: { story_count: String(stories.length), concerns: concerns() } }),
    ...stories.flatMap((story) => [
      workItemWrite({
        ...base, key: { kind: 'story', ...epicKey, storyId: story.id, storyName: slugify(story.title) }, status: 'Approved', title: story.title, documentPath: storyPath(story), document: story,
        columns: { risk_score: String(highestRisk(story.risks)), depends_on: story.dependsOn.join(','), concerns: concerns(story.id) },
      }),
      ...assessments(story, project, base),
    ]),
  ];
}

function assessments(story: Story, project: Project, base: { cascadeId: string; modifiedAt: number }): StateWrite[] {
  const key = (kind: string): WorkItemKey => ({ kind: 'qa-assessment', repo: project.repositoryName, branch: project.branch, id: `${story.id}.${kind}`, name: slugify(story.title) });
  return [
    workItemWrite({
      ...base, key: key('risk'), status: 'Done', title: `Risk profile of story ${story.id}`, documentPath: riskProfilePath(story), document: { risks: story.risks, summary: riskSummary(story.risks) },
      columns: { story_id: story.id, assessment_kind: 'risk', risk_score: String(highestRisk(story.risks)), story_risk_score: String(storyRiskScore(story.risks)) },
    }),
    workItemWrite({
      ...base, key: key('test'), status: 'Done', title: `Test design of story ${story.id}`, documentPath: testDesignPath(story), document: { scenarios: story.scenarios },
      columns: { story_id: story.id, assessment_kind: 'test-design', planned_coverage: plannedCoverage(story).share.toFixed(2) },
    }),
  ];
}
