/** What a validator found. `fail` stops the stories; `concern` is recorded and passes. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'concern' | 'fail';
  readonly storyId?: string;
  readonly message: string;
}

export type FindingCode =
  | 'risk-critical' | 'risk-high' | 'risk-unmitigated' | 'risk-unknown'
  | 'criterion-trivial' | 'criterion-numbering' | 'criterion-vague'
  | 'requirement-uncovered' | 'requirement-unknown'
  | 'coverage-low' | 'coverage-gap' | 'scenario-criterion-unknown'
  | 'dependency-forward' | 'dependency-unknown'
  | 'task-criterion-unknown' | 'criterion-without-task'
  | 'source-unresolved' | 'dev-notes-missing'
  | 'id-malformed' | 'id-duplicate'
  | 'placeholder';

export const fail = (code: FindingCode, message: string, storyId?: string): Finding => ({ code, severity: 'fail', message, ...(storyId === undefined ? {} : { storyId }) });
export const concern = (code: FindingCode, message: string, storyId?: string): Finding => ({ code, severity: 'concern', message, ...(storyId === undefined ? {} : { storyId }) });

/** One line for people and for the chat. */
export const describeFinding = (finding: Finding): string =>
  `${finding.severity === 'fail' ? 'FAIL' : 'CONCERN'} ${finding.code}${finding.storyId === undefined ? '' : ` (story ${finding.storyId})`}: ${finding.message}`;
