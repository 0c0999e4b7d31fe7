import type { SpecTask } from '@cascade/contracts';
import { checkedBy, featureFolder, openQuestions, renderFeatureFolder, roundTripFindings, specInvalid, validateSpecification, type DocumentFile, type FeatureFolder } from '@cascade/spec-kit';
import type { FeatureFacts, ParsedDocuments } from './assemble-documents.js';

/**
 * The files of the feature folder, with paths below the repository's root. Before they are handed on they are read back:
 * what other tools will read is what was decided. Throws `CASC_SPEC_INVALID` (terminal) when anything reads differently.
 */
export function featureDocuments(facts: FeatureFacts, documents: ParsedDocuments, tasks: readonly SpecTask[]): DocumentFile[] {
  const folder = folderOf(facts, documents, tasks);
  const files = renderFeatureFolder(folder);
  const different = roundTripFindings(folder, files);
  if (different.length > 0) throw specInvalid(`The feature folder ${facts.directory}`, different);
  return files.map((file) => ({ path: `${facts.directory}/${file.path}`, content: file.content }));
}

function folderOf(facts: FeatureFacts, documents: ParsedDocuments, tasks: readonly SpecTask[]): FeatureFolder {
  const { specification } = documents;
  const findings = [...validateSpecification(specification, facts.epic, facts.stories), ...openQuestions(specification)];
  const folder = featureFolder.parse({
    ...documents,
    tasks: {
      title: facts.epic.title, featureDirectory: `${facts.directory}/`, tasks, done: [],
      stories: specification.stories.map((story) => ({ storyId: story.storyId, title: story.title, priority: story.priority, goal: story.narrative, independentTest: story.independentTest })),
    },
    checklist: { title: facts.epic.title, created: facts.created, checked: checkedBy(findings) },
  });
  const written = renderFeatureFolder(folder).map((file) => `${facts.directory}/${file.path}`);
  const sources = [...new Set(tasks.flatMap((task) => task.paths))].toSorted();
  return { ...folder, plan: { ...folder.plan, documentation: written, sources } };
}
