import type { Epic, Story } from '@cascade/contracts';
import { checkCoverage } from './coverage.js';
import { checkCriteria } from './criteria.js';
import { checkDependencies } from './dependencies.js';
import type { Finding } from './finding.js';
import { checkIds } from './ids.js';
import { checkPlaceholders } from './placeholders.js';
import { checkRequirements } from './requirements.js';
import { checkRiskMitigation, checkRiskScores } from './risks.js';
import { checkSources, type KnownFiles } from './sources.js';
import { checkTasks } from './tasks.js';

/** Every rule over an epic and its stories, in a fixed order; no finding of severity `fail` means that they are valid. */
export function validateStories(epic: Epic, stories: readonly Story[], files: KnownFiles): Finding[] {
  return [
    ...checkIds(epic, stories),
    ...checkPlaceholders(epic, stories),
    ...checkRequirements(epic, stories),
    ...checkDependencies(stories),
    ...stories.flatMap((story) => [
      ...checkCriteria(story), ...checkTasks(story), ...checkCoverage(story), ...checkRiskScores(story), ...checkRiskMitigation(story), ...checkSources(story, files),
    ]),
  ];
}

export const failures = (findings: readonly Finding[]): Finding[] => findings.filter((finding) => finding.severity === 'fail');
export const concerns = (findings: readonly Finding[]): Finding[] => findings.filter((finding) => finding.severity === 'concern');
