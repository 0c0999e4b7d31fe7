import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { contractDocument, parseContract, renderContract } from './contract-document.js';
import { dataModel, parseDataModel, renderDataModel } from './data-model.js';
import { finding, specInvalid, type Finding } from './finding.js';
import { parsePlan, plan, renderPlan } from './plan.js';
import { parseQuickstart, quickstart, renderQuickstart } from './quickstart.js';
import { parseSpecification } from './parse-specification.js';
import { parseTasks } from './parse-tasks.js';
import { renderSpecification } from './render-specification.js';
import { renderTasks } from './render-tasks.js';
import { parseRequirementsChecklist, renderRequirementsChecklist, requirementsChecklist } from './requirements-checklist.js';
import { parseResearch, renderResearch, research } from './research.js';
import { specification } from './specification.js';
import { taskDocument } from './task-document.js';

/** One Spec Kit feature folder, typed. Parsing it with this schema normalises every text to one line. */
export const featureFolder = z.object({
  specification, plan, research, quickstart,
  dataModel: dataModel.optional(),
  contracts: z.array(contractDocument).max(20),
  tasks: taskDocument,
  checklist: requirementsChecklist,
});
export type FeatureFolder = z.output<typeof featureFolder>;
/** The same before texts are normalised. */
export type FeatureFolderInput = z.input<typeof featureFolder>;

export interface DocumentFile {
  /** Relative to the feature folder, e.g. `checklists/requirements.md`. */
  readonly path: string;
  readonly content: string;
}

/** All documents of a folder, in the order in which Spec Kit's commands write them. */
export function renderFeatureFolder(folder: FeatureFolder): DocumentFile[] {
  return [
    { path: 'spec.md', content: renderSpecification(folder.specification) },
    { path: 'checklists/requirements.md', content: renderRequirementsChecklist(folder.checklist) },
    { path: 'plan.md', content: renderPlan(folder.plan) },
    { path: 'research.md', content: renderResearch(folder.research) },
    ...(folder.dataModel === undefined ? [] : [{ path: 'data-model.md', content: renderDataModel(folder.dataModel) }]),
    ...folder.contracts.map((contract) => ({ path: `contracts/${contract.slug}.md`, content: renderContract(contract) })),
    { path: 'quickstart.md', content: renderQuickstart(folder.quickstart) },
    { path: 'tasks.md', content: renderTasks(folder.tasks) },
  ];
}

/** Reads a whole folder back. Throws `CASC_SPEC_INVALID` for a missing document or the first one that does not parse. */
export function parseFeatureFolder(files: readonly DocumentFile[]): FeatureFolder {
  const text = (path: string): string => {
    const file = files.find((item) => item.path === path);
    if (file === undefined) throw specInvalid('The feature folder', [finding('DOCUMENT_MISSING', 'is missing', path)]);
    return file.content;
  };
  const contracts = files.flatMap((file) => {
    const slug = /^contracts\/([a-z0-9-]+)\.md$/.exec(file.path)?.[1];
    return slug === undefined ? [] : [parseContract(slug, file.content)];
  });
  return {
    specification: parseSpecification(text('spec.md')),
    plan: parsePlan(text('plan.md')),
    research: parseResearch(text('research.md')),
    quickstart: parseQuickstart(text('quickstart.md')),
    ...(files.some((file) => file.path === 'data-model.md') ? { dataModel: parseDataModel(text('data-model.md')) } : {}),
    contracts,
    tasks: parseTasks(text('tasks.md')),
    checklist: parseRequirementsChecklist(text('checklists/requirements.md')),
  };
}

/** What of a folder does not come back as it was written; none means that the Markdown holds all that the types hold. */
export function roundTripFindings(folder: FeatureFolder, files: readonly DocumentFile[]): Finding[] {
  const read = parseFeatureFolder(files);
  const keys = ['specification', 'plan', 'research', 'dataModel', 'contracts', 'quickstart', 'tasks', 'checklist'] as const;
  return keys.filter((key) => !isDeepStrictEqual(plain(read[key]), plain(folder[key]))).map((key) => finding('ROUND_TRIP', `${key} reads differently from what was written`, key));
}

/** Without keys that hold undefined, which JSON does not carry. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
