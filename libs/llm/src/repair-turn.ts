import type { ChatMessage } from './baml-functions.js';

/** Bounds of what goes back to the model; what is beyond them is counted, not silently left out. */
const bounds = { problems: 30, problemChars: 600, answerChars: 20_000 } as const;

export function boundProblems(problems: readonly string[]): readonly string[] {
  const shown = problems.slice(0, bounds.problems).map((problem) => shorten(problem, bounds.problemChars));
  const more = problems.length - shown.length;
  return more > 0 ? [...shown, `… and ${more} more problems`] : shown;
}

/**
 * The refused answer and what is wrong with it, as the next two messages of the conversation. The conversation grows
 * with each turn, so no two turns are alike, and a recording finds each by its content.
 */
export function repairTurn(answer: string, problems: readonly string[]): readonly [ChatMessage, ChatMessage] {
  const asked = [
    'Your answer cannot be used:',
    ...problems.map((problem) => `- ${problem}`),
    'Send the complete corrected answer again, in the same form, and nothing else.',
  ];
  return [
    { role: 'assistant', content: answer.trim() === '' ? '(no answer)' : shorten(answer, bounds.answerChars) },
    { role: 'user', content: asked.join('\n') },
  ];
}

function shorten(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars)} [… ${text.length - chars} more characters]`;
}
