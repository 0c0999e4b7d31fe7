const patterns: readonly RegExp[] = [
  /\bTODO:|\bFIXME:|\bTKTK\b|\bTBD\b|\?\?\?/,
  // Template fields such as [FEATURE NAME], [Brief Title], [e.g., …]; [NEEDS CLARIFICATION: …] is a marker of its own.
  /\[(?!NEEDS CLARIFICATION)(?:[A-Z][A-Z0-9]*(?:[ _][A-Z0-9#]+)+|DATE|FEATURE|NAME|DURATION|STORAGE)\](?!\()/,
  /\[(?:Brief Title|e\.g\.,|Entity ?\d?|description|Title|DATE)[^\]]*\]/i,
  /<(?:placeholder|your[ _-][a-z]+)>/i,
  /<!--/,
  /\$ARGUMENTS/,
];

/** What is left of a template in a text, or undefined. READY standards of both Spec Kit and BMAD take it for a defect. */
export function placeholderIn(text: string): string | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match !== null) return match[0];
  }
  return undefined;
}
