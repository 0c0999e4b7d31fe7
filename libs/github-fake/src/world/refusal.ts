export interface FieldProblem {
  readonly resource: string;
  readonly field: string;
  readonly code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom';
  readonly message?: string;
}

/** GitHub says no: becomes the answer's status and JSON body. */
export class Refusal extends Error {
  constructor(readonly status: number, message: string, readonly problems: readonly FieldProblem[] = [], readonly headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'Refusal';
  }
}

export const notFound = (): Refusal => new Refusal(404, 'Not Found');
export const invalid = (resource: string, field: string, code: FieldProblem['code'], message?: string): Refusal =>
  new Refusal(422, 'Validation Failed', [{ resource, field, code, ...(message === undefined ? {} : { message }) }]);
export const forbidden = (message: string): Refusal => new Refusal(403, message);
export const movedTo = (url: string): Refusal => new Refusal(301, 'Moved Permanently', [], { location: url });
