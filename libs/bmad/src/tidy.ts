import type { AcceptanceCriterion, Epic, Risk, Story } from '@cascade/contracts';
import { tidyExample, tidyLine, tidyText } from './inline-text.js';

const byNumber = (left: string, right: string): number => Number(left.replace(/\D/g, '')) - Number(right.replace(/\D/g, ''));
const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

function tidyCriterion(criterion: AcceptanceCriterion): AcceptanceCriterion {
  return { id: criterion.id, given: tidyExample(criterion.given), when: tidyExample(criterion.when), then: tidyExample(criterion.then) };
}

function tidyRisk(risk: Risk): Risk {
  return { ...risk, title: tidyLine(risk.title), description: tidyLine(risk.description), mitigation: tidyLine(risk.mitigation) };
}

/**
 * The form that documents can hold without loss: texts on one line each, requirements functional first as the PRD
 * template orders them.
 */
export function tidyEpic(epic: Epic): Epic {
  const requirements = epic.requirements.map((requirement) => ({ id: requirement.id, text: tidyLine(requirement.text) }));
  const functional = requirements.filter((requirement) => requirement.id.startsWith('F'));
  return {
    id: epic.id, title: tidyLine(epic.title), goal: tidyText(epic.goal), background: tidyText(epic.background),
    requirements: [...functional, ...requirements.filter((requirement) => requirement.id.startsWith('N'))],
  };
}

/** The same for a story; scenarios are ordered by criterion, as the test design lists them. */
export function tidyStory(story: Story): Story {
  return {
    id: story.id, title: tidyLine(story.title), asA: tidyLine(story.asA), iWant: tidyLine(story.iWant), soThat: tidyLine(story.soThat),
    criteria: story.criteria.map(tidyCriterion),
    requirements: unique(story.requirements),
    dependsOn: unique(story.dependsOn).sort(byNumber),
    tasks: story.tasks.map((task) => ({ title: tidyLine(task.title), criteria: unique(task.criteria) })),
    devNotes: story.devNotes.map((note) => ({ note: tidyLine(note.note), source: tidyLine(note.source) })),
    risks: story.risks.map(tidyRisk),
    scenarios: story.scenarios
      .map((scenario) => ({ ...scenario, description: tidyExample(scenario.description), mitigates: unique(scenario.mitigates) }))
      .sort((left, right) => left.criterion - right.criterion),
  };
}
