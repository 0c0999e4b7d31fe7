import { codeSpan, encodeParagraph, encodeText } from './line.js';
import type { Specification, UserStory } from './specification.js';

/** The text of spec.md: heading order and line forms as the template of Spec Kit 1.0 has them. */
export function renderSpecification(spec: Specification): string {
  const blocks = [
    `# Feature Specification: ${encodeText(spec.title)}`,
    `**Feature Branch**: ${codeSpan(spec.branch)}`,
    `**Created**: ${spec.created}`,
    '**Status**: Draft',
    `**Input**: User description: "${encodeText(spec.input)}"`,
    ...clarifications(spec),
    '## User Scenarios & Testing *(mandatory)*',
    spec.stories.map((story, index) => renderStory(story, index + 1)).join('\n\n---\n\n'),
    '### Edge Cases',
    list(spec.edgeCases.map(encodeText)),
    '## Requirements *(mandatory)*',
    '### Functional Requirements',
    list(spec.requirements.map((item) => `**${item.id}**: ${encodeText(item.text)}${marker(item.clarification)}${covered(item.covers)}`)),
    ...(spec.entities.length === 0 ? [] : [
      '### Key Entities *(include if feature involves data)*',
      list(spec.entities.map((entity) => `**${encodeText(entity.name)}**: ${encodeText(entity.description)}`)),
    ]),
    '## Success Criteria *(mandatory)*',
    '### Measurable Outcomes',
    list(spec.outcomes.map((item) => `**${item.id}**: ${encodeText(item.text)}${covered(item.covers)}`)),
    '## Assumptions',
    list(spec.assumptions.map(encodeText)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
const covered = (ids: readonly string[]): string => (ids.length === 0 ? '' : ` (covers ${ids.join(', ')})`);
const marker = (question: string | undefined): string => (question === undefined ? '' : ` [NEEDS CLARIFICATION: ${encodeText(question)}]`);

function clarifications(spec: Specification): string[] {
  if (spec.clarifications.length === 0) return [];
  const answers = spec.clarifications.map((item) => `Q: ${encodeText(item.question)} → A: ${encodeText(item.answer)}`);
  return ['## Clarifications', `### Session ${spec.created}`, list(answers)];
}

function renderStory(story: UserStory, number: number): string {
  return [
    `### User Story ${number} - ${encodeText(story.title)} (Priority: P${story.priority})`,
    `${encodeParagraph(story.narrative)} (Story ${story.storyId})`,
    encodeParagraph(story.description),
    `**Why this priority**: ${encodeText(story.why)}`,
    `**Independent Test**: ${encodeText(story.independentTest)}`,
    '**Acceptance Scenarios**:',
    story.scenarios.map((item) => `${item.id}. **Given** ${encodeText(item.given)}, **When** ${encodeText(item.when)}, **Then** ${encodeText(item.then)}`).join('\n'),
  ].join('\n\n');
}
