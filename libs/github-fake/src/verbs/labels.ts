import { invalid, notFound } from '../world/refusal.js';
import { type Actor, type Issue, type Label, type Repository } from '../world/types.js';
import { type World } from '../world/world.js';
import { characters, tellList } from './changes.js';

/** GitHub's own limits. */
const MAX_LABEL_NAME = 50;
const MAX_LABEL_DESCRIPTION = 100;
const MAX_LABELS_OF_ISSUE = 100;

export const labelOf = (repository: Repository, name: string): Label | undefined => repository.labels.get(name.toLowerCase());

export function createLabel(world: World, repository: Repository, added: { readonly name: string; readonly color?: string | undefined; readonly description?: string | undefined }): Label {
  checkLabel(added);
  if (labelOf(repository, added.name) !== undefined) throw invalid('Label', 'name', 'already_exists');
  const label: Label = { ...world.identity('LA'), name: added.name, color: (added.color ?? 'ededed').toLowerCase(), description: added.description ?? null };
  repository.labels.set(label.name.toLowerCase(), label);
  return label;
}

function checkLabel(label: { readonly name?: string | undefined; readonly color?: string | undefined; readonly description?: string | undefined }): void {
  if (label.name !== undefined && label.name.trim() === '') throw invalid('Label', 'name', 'missing_field');
  if (label.name !== undefined && characters(label.name) > MAX_LABEL_NAME) throw invalid('Label', 'name', 'custom', `name is too long (maximum is ${MAX_LABEL_NAME} characters)`);
  if (label.color !== undefined && !/^[0-9a-f]{6}$/i.test(label.color)) throw invalid('Label', 'color', 'invalid');
  if (characters(label.description) > MAX_LABEL_DESCRIPTION) throw invalid('Label', 'description', 'custom', `description is too long (maximum is ${MAX_LABEL_DESCRIPTION} characters)`);
}

export function updateLabel(repository: Repository, label: Label, changes: { readonly name?: string | undefined; readonly color?: string | undefined; readonly description?: string | undefined }): void {
  checkLabel(changes);
  if (changes.name !== undefined) {
    const taken = labelOf(repository, changes.name);
    if (taken !== undefined && taken !== label) throw invalid('Label', 'name', 'already_exists');
    repository.labels.delete(label.name.toLowerCase());
    label.name = changes.name;
    repository.labels.set(label.name.toLowerCase(), label);
  }
  if (changes.color !== undefined) label.color = changes.color.toLowerCase();
  if (changes.description !== undefined) label.description = changes.description;
}

/** Goes from every issue too. */
export function deleteLabel(world: World, actor: Actor, repository: Repository, label: Label): void {
  repository.labels.delete(label.name.toLowerCase());
  for (const issue of repository.issues.values()) {
    if (issue.labels.includes(label)) setLabels(world, actor, issue, issue.labels.filter((one) => one !== label).map((one) => one.name));
  }
}

/** Labels for an issue. What the repository does not have is created, as GitHub does. */
export function labelsNamed(world: World, repository: Repository, names: readonly string[]): readonly Label[] {
  if (names.length > MAX_LABELS_OF_ISSUE) throw invalid('Issue', 'labels', 'custom', `issues may have at most ${MAX_LABELS_OF_ISSUE} labels`);
  for (const name of names) checkLabel({ name });
  return [...new Set(names.map((name) => labelOf(repository, name) ?? createLabel(world, repository, { name })))];
}

/** @returns whether anything changed */
export function setLabels(world: World, actor: Actor, issue: Issue, names: readonly string[]): boolean {
  const wanted = labelsNamed(world, issue.repository, names);
  const before = issue.labels;
  const added = wanted.filter((one) => !before.includes(one));
  const removed = before.filter((one) => !wanted.includes(one));
  if (added.length === 0 && removed.length === 0) return false;
  issue.labels = [...before.filter((one) => wanted.includes(one)), ...added];
  issue.updatedAt = world.now();
  for (const label of removed) tellList(world, actor, issue, 'unlabeled', { label });
  for (const label of added) tellList(world, actor, issue, 'labeled', { label });
  return true;
}

export const addLabels = (world: World, actor: Actor, issue: Issue, names: readonly string[]): boolean => setLabels(world, actor, issue, [...issue.labels.map((one) => one.name), ...names]);

/** @throws Refusal 404 when the issue does not have it */
export function removeLabel(world: World, actor: Actor, issue: Issue, name: string): void {
  const label = labelOf(issue.repository, name);
  if (label === undefined || !issue.labels.includes(label)) throw notFound();
  setLabels(world, actor, issue, issue.labels.filter((one) => one !== label).map((one) => one.name));
}
