import type { AcceptanceCriterion, Story } from '@cascade/contracts';
import { concern, fail, type Finding } from './finding.js';

/** Words that cannot be tested unless a number or an example says what they mean. */
const vague = /\b(fast|quickly|slow|slowly|easy|easily|simple|simply|nice|nicely|good|bad|better|appropriate|appropriately|proper|properly|correct|correctly|robust|robustly|efficient|efficiently|intuitive|user-friendly|reasonable|reasonably|sufficient|sufficiently|seamless|seamlessly|as expected|some|several|various|etc|and so on|works|gracefully)\b/i;
/** A number, a quoted or code example: something that a test can compare with. */
const measure = /\d|"[^"]+"|'[^']+'|`[^`]+`|\b(zero|one|two|three|four|five|ten|empty|null|undefined|true|false|none|exactly|throws|raises|unchanged)\b/i;
const minWords = 2;

/** Ids 1..n in order, and every part says something of its own. */
export function checkCriteria(story: Story): Finding[] {
  const expected = story.criteria.every((criterion, index) => criterion.id === index + 1);
  const numbering = expected ? [] : [fail('criterion-numbering', `acceptance criteria must be numbered 1 to ${story.criteria.length} in order, not ${story.criteria.map((criterion) => criterion.id).join(', ')}`, story.id)];
  return [...numbering, ...story.criteria.flatMap((criterion) => [...checkTrivial(story.id, criterion), ...checkVague(story.id, criterion)])];
}

function checkTrivial(storyId: string, criterion: AcceptanceCriterion): Finding[] {
  const parts = { given: criterion.given, when: criterion.when, then: criterion.then };
  const short = Object.entries(parts).filter(([, text]) => !/`[^`]+`/.test(text) && text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length < minWords);
  const distinct = new Set(Object.values(parts).map((text) => text.trim().toLowerCase())).size;
  return [
    ...short.map(([name, text]) => fail('criterion-trivial', `"${name}" of acceptance criterion ${criterion.id} says too little: ${JSON.stringify(text)}; write at least ${minWords} words, or code in backticks`, storyId)),
    ...(distinct < 3 ? [fail('criterion-trivial', `acceptance criterion ${criterion.id} repeats itself: given, when and then must say different things`, storyId)] : []),
  ];
}

function checkVague(storyId: string, criterion: AcceptanceCriterion): Finding[] {
  const word = vague.exec(criterion.then)?.[0];
  if (word === undefined || measure.test(criterion.then)) return [];
  return [concern('criterion-vague', `"then" of acceptance criterion ${criterion.id} says "${word}" without a number or an example`, storyId)];
}
