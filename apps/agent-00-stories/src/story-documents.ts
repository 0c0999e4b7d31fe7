import {
  epicPath, outlineOf, parseEpic, parseRiskProfile, parseStory, parseTestDesign, prdPath, renderEpic, renderPrd, renderRiskProfile, renderStory, renderTestDesign, riskProfilePath, storyPath, testDesignPath,
} from '@cascade/bmad';
import type { Story, TestPlan } from '@cascade/contracts';
import type { Stories } from './team/assemble.js';

export interface DocumentFile {
  readonly path: string;
  readonly content: string;
}

export interface DocumentContext {
  readonly repositoryName: string;
  readonly testPlan: TestPlan;
  readonly hasPrd: boolean;
  /** `YYYY-MM-DD` of the request. */
  readonly date: string;
}

/**
 * Every document of the tier, in BMAD v4's layout. Each one is read back before it is handed on, so that a document
 * that BMAD's own readers could not take apart never reaches the repository. Throws CASC_BMAD_DOCUMENT_INVALID.
 */
export function storyDocuments({ epic, stories }: Stories, context: DocumentContext): DocumentFile[] {
  const epicFile = renderEpic(epic, stories.map(outlineOf));
  parseEpic(epicFile);
  return [
    ...(context.hasPrd ? [] : [{ path: prdPath, content: renderPrd(epic, stories, context) }]),
    { path: epicPath(epic), content: epicFile },
    ...stories.flatMap((story) => documentsOf(story, context.date)),
  ];
}

function documentsOf(story: Story, date: string): DocumentFile[] {
  const files = [
    { path: storyPath(story), content: renderStory(story, 'Approved', [{ date, version: '1.0', description: 'Written by the group chat, approved by the product owner', author: 'Cascade' }]) },
    { path: riskProfilePath(story), content: renderRiskProfile(story, date) },
    { path: testDesignPath(story), content: renderTestDesign(story, date) },
  ] as const;
  parseStory(files[0].content);
  parseRiskProfile(files[1].content);
  parseTestDesign(files[2].content);
  return [...files];
}
