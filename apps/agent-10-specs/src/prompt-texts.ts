import type { Epic, Story, TestPlan } from '@cascade/contracts';

/** An epic as prompts show it. */
export function epicText(epic: Epic): string {
  return [`${epic.title}`, `Goal: ${epic.goal}`, `Background: ${epic.background}`, 'Requirements:', ...epic.requirements.map((item) => `- ${item.id}: ${item.text}`)].join('\n');
}

export function storiesText(stories: readonly Story[]): string {
  return stories.map(storyText).join('\n\n');
}

function storyText(story: Story): string {
  const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [`${title}:`, ...lines]);
  return [
    `Story ${story.id}: ${story.title}`,
    `As a ${story.asA}, I want ${story.iWant}, so that ${story.soThat}.`,
    `Covers ${story.requirements.join(', ')}. ${story.dependsOn.length === 0 ? 'Builds on no other story.' : `Builds on ${story.dependsOn.map((id) => `story ${id}`).join(', ')}.`}`,
    ...section('Acceptance criteria', story.criteria.map((item) => `${item.id}. Given ${item.given}, when ${item.when}, then ${item.then}`)),
    ...section('Work that the story foresees', story.tasks.map((task) => `- ${task.title} (criteria ${task.criteria.join(', ')})`)),
    ...section('Planned tests', story.scenarios.map((item) => `- criterion ${item.criterion}, ${item.level}, ${item.priority}: ${item.description}`)),
    ...section('Notes for the developer', story.devNotes.map((item) => `- ${item.note} (${item.source})`)),
    ...section('Risks', story.risks.map((item) => `- ${item.title} (score ${item.probability * item.impact}): ${item.mitigation}`)),
  ].join('\n');
}

const runners: Readonly<Record<TestPlan['runner'], string>> = {
  'node-test': 'node --test with node:assert', jest: 'jest', vitest: 'vitest', pytest: 'pytest', unittest: 'unittest', command: 'the repository\'s own command',
};

/** How the repository is built and tested, as lines of a prompt and as the plan's Testing entry. */
export function conventionsText(plan: TestPlan): string {
  const language = plan.ecosystem === 'python' ? 'Python' : plan.typescript ? 'TypeScript' : plan.ecosystem === 'node' ? 'JavaScript' : 'as the existing files';
  return [
    `- Language: ${language}${plan.moduleSystem === 'esm' ? ', ES modules' : plan.moduleSystem === 'commonjs' ? ', CommonJS' : ''}`,
    `- Tests: ${testingText(plan)}`,
    `- Tests live in ${plan.testDirectory}${plan.exampleTest === undefined ? '' : `; ${plan.exampleTest} is an example`}`,
    '- New dependencies are not possible: the standard library and what the repository already has.',
  ].join('\n');
}

export function testingText(plan: TestPlan): string {
  return `${runners[plan.runner]}, run as ${plan.command.join(' ')}`;
}
