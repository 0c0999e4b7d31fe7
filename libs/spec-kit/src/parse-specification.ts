import { decodeText, readCodeSpan } from './line.js';
import { Outline, type Section } from './outline.js';
import { specification, type Specification } from './specification.js';

const trailing = String.raw`(?: \(covers (N?FR[1-9]\d*(?:, N?FR[1-9]\d*)*)\))?$`;
const requirementLine = new RegExp(String.raw`^- \*\*(FR-\d{3,})\*\*: (.+?)(?: \[NEEDS CLARIFICATION: ([^\]]+)\])?${trailing}`);
const outcomeLine = new RegExp(String.raw`^- \*\*(SC-\d{3,})\*\*: (.+?)${trailing}`);
const ids = (text: string): string[] => (text === '' ? [] : text.split(', '));

/** Reads a spec.md back. Throws `CASC_SPEC_INVALID` that names every heading or line that is missing or malformed. */
export function parseSpecification(markdown: string): Specification {
  const outline = new Outline('spec.md', markdown);
  const head = outline.titled(1, 'Feature Specification: ');
  return outline.finish(specification, {
    title: head.heading,
    branch: readCodeSpan(outline.value(head, 'Feature Branch')),
    created: outline.value(head, 'Created'),
    input: decodeText(/^User description: "(.*)"$/.exec(outline.value(head, 'Input'))?.[1] ?? ''),
    clarifications: clarifications(outline),
    stories: stories(outline),
    edgeCases: outline.bullets(outline.section(3, 'Edge Cases')),
    requirements: outline.matches(outline.section(3, 'Functional Requirements').lines, requirementLine, '- **FR-001**: System MUST …')
      .map(([id, text = '', question = '', covers = '']) => ({ id, text: decodeText(text), covers: ids(covers), ...(question === '' ? {} : { clarification: decodeText(question) }) })),
    entities: outline.matches(outline.find(3, 'Key Entities *(include if feature involves data)*')?.lines ?? [], /^- \*\*(.+?)\*\*: (.+)$/, '- **Entity**: …')
      .map(([name = '', description = '']) => ({ name: decodeText(name), description: decodeText(description) })),
    outcomes: outline.matches(outline.section(3, 'Measurable Outcomes').lines, outcomeLine, '- **SC-001**: …')
      .map(([id, text = '', covers = '']) => ({ id, text: decodeText(text), covers: ids(covers) })),
    assumptions: outline.bullets(outline.section(2, 'Assumptions')),
  });
}

function clarifications(outline: Outline): { question: string; answer: string }[] {
  const section = outline.find(2, 'Clarifications');
  if (section === undefined) return [];
  return outline.below(section).flatMap((session) => outline.matches(session.lines, /^- Q: (.+?) → A: (.+)$/, '- Q: … → A: …'))
    .map(([question = '', answer = '']) => ({ question: decodeText(question), answer: decodeText(answer) }));
}

function stories(outline: Outline): unknown[] {
  const parent = outline.section(2, 'User Scenarios & Testing *(mandatory)*');
  const sections = outline.below(parent).filter((section) => section.level === 3 && section.heading !== 'Edge Cases');
  return sections.map((section, index) => story(outline, section, index + 1));
}

function story(outline: Outline, section: Section, number: number): unknown {
  const heading = /^User Story (\d+) - (.+) \(Priority: P(\d+)\)$/.exec(section.heading);
  if (heading === null || Number(heading[1]) !== number) outline.problem('STORY_HEADING', `expects "### User Story ${number} - Title (Priority: P…)", not "${section.heading.slice(0, 120)}"`);
  const [first = '', description = ''] = section.lines;
  const narrative = /^(.+) \(Story (\d+\.\d+)\)$/.exec(first);
  const form = '1. **Given** …, **When** …, **Then** …';
  return {
    storyId: narrative?.[2],
    title: decodeText(heading?.[2] ?? ''),
    priority: Number(heading?.[3]),
    narrative: decodeText(narrative?.[1] ?? ''),
    description: decodeText(description),
    why: decodeText(outline.value(section, 'Why this priority')),
    independentTest: decodeText(outline.value(section, 'Independent Test')),
    scenarios: outline.matches(scenarioLines(section), /^(\d+)\. \*\*Given\*\* (.+), \*\*When\*\* (.+), \*\*Then\*\* (.+)$/, form)
      .map(([id, given = '', when = '', then = '']) => ({ id: Number(id), given: decodeText(given), when: decodeText(when), then: decodeText(then) })),
  };
}

function scenarioLines(section: Section): readonly string[] {
  const start = section.lines.indexOf('**Acceptance Scenarios**:');
  return start < 0 ? [] : section.lines.slice(start + 1).filter((text) => text !== '---');
}
