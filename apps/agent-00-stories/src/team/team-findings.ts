import { concerns, describeFinding, failures, validateStories, type Finding, type FindingCode, type KnownFiles } from '@cascade/bmad';
import type { ChatState } from '../chat/chat-state.js';
import { assemble, CHAT_EPIC } from './assemble.js';
import { lastTurn, turnOf, type Findings } from './turns.js';

/** Bounds of what one message of the validator holds; what is beyond them is counted. */
const MAX_LISTED_FINDINGS = 40;
const MAX_KEPT_FINDINGS = 200;
const MAX_FINDING_CHARACTERS = 600;

/** What the analyst can mend; everything else is the architect's. */
const analystCodes: readonly FindingCode[] = ['criterion-trivial', 'criterion-numbering', 'criterion-vague', 'requirement-uncovered', 'requirement-unknown', 'risk-critical'];
const draftCodes: readonly FindingCode[] = [...analystCodes.filter((code) => code !== 'risk-critical'), 'placeholder', 'id-malformed', 'id-duplicate'];

/**
 * What the validators say of the chat's current version. Right after the analyst has spoken only the analyst's own part
 * is judged: the architect's plan is about the version before.
 */
export function currentFindings(state: ChatState, files: KnownFiles): Findings {
  const draft = lastTurn(state, 'draft');
  if (draft === undefined) return { kind: 'findings', failures: [], concerns: [] };
  const design = designOfCurrentDraft(state);
  const { epic, stories } = assemble(CHAT_EPIC, draft, design);
  const found = validateStories(epic, stories, files).filter((finding) => design !== undefined || draftCodes.includes(finding.code));
  return { kind: 'findings', failures: failures(found).slice(0, MAX_KEPT_FINDINGS), concerns: concerns(found).slice(0, MAX_KEPT_FINDINGS) };
}

/** The architect's plan, unless the analyst has changed the stories since. */
export function designOfCurrentDraft(state: ChatState): ReturnType<typeof lastTurn<'design'>> {
  const turns = state.messages.map(turnOf);
  const at = (kind: 'draft' | 'design'): number => turns.findLastIndex((turn) => turn?.kind === kind);
  return at('design') > at('draft') ? lastTurn(state, 'design') : undefined;
}

/** Who has to mend the failures: the analyst when any is about the stories themselves, or when a risk is too high to be built. */
export function ownerOf(findings: Findings, planned: boolean): 'analyst' | 'architect' {
  if (!planned) return 'analyst';
  return findings.failures.some((finding) => (analystCodes as readonly string[]).includes(finding.code)) ? 'analyst' : 'architect';
}

/** The validator's message: every failure, then every concern, one line each. */
export function findingsText(findings: Findings): string {
  const lines = [...findings.failures, ...findings.concerns].map((finding) => describeFinding(finding as Finding).slice(0, MAX_FINDING_CHARACTERS));
  if (lines.length === 0) return 'All checks passed.';
  const more = lines.length - MAX_LISTED_FINDINGS;
  return [...lines.slice(0, MAX_LISTED_FINDINGS), ...(more > 0 ? [`and ${more} more findings`] : [])].join('\n');
}
