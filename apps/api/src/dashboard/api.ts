import { signal } from '@preact/signals';
import type { ProblemDetails } from './types.js';

const TOKEN_KEY = 'cascade-token';
/** How long an answer may take, in milliseconds. */
const ANSWER_MS = 35_000;

/** What a person is told when something cannot be done. */
export interface Trouble {
  readonly status: number;
  readonly code: string;
  readonly text: string;
  readonly advice?: string | undefined;
  readonly findings?: readonly string[] | undefined;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly trouble: Trouble };

/** Kept for this tab alone, and never in an address. */
export const token = signal(sessionStorage.getItem(TOKEN_KEY) ?? '');
/** Why a token is asked for; undefined while none is. */
export const tokenTrouble = signal<Trouble | undefined>(undefined);

export function setToken(text: string): void {
  if (text === '') sessionStorage.removeItem(TOKEN_KEY);
  else sessionStorage.setItem(TOKEN_KEY, text);
  token.value = text;
  tokenTrouble.value = undefined;
}

export const headers = (): Record<string, string> => (token.peek() === '' ? {} : { authorization: `Bearer ${token.peek()}` });

interface Options {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks the API; `text` gives the body as it is. */
export async function ask<T>(method: 'GET' | 'POST' | 'DELETE', path: string, { body, headers: more }: Options = {}): Promise<Answer<T>> {
  try {
    const response = await fetch(path, {
      method, cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(ANSWER_MS),
      headers: { ...headers(), ...more, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) return { ok: false, trouble: await troubleOf(response) };
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { ok: true, value: (isJson ? await response.json() : await response.text()) as T };
  } catch {
    return { ok: false, trouble: away };
  }
}

export const away: Trouble = { status: 0, code: 'API_AWAY', text: 'The API does not answer.', advice: 'It is asked again by itself. Is the service running, and is this machine connected?' };

/** Also asks for a token when one is missing or unknown. */
export async function troubleOf(response: Response): Promise<Trouble> {
  const problem = await response.json().catch(() => undefined) as Partial<ProblemDetails> | undefined;
  const trouble = { status: response.status, code: problem?.code ?? `HTTP_${response.status}`, text: problem?.detail ?? `The API answers ${response.status}.`, advice: problem?.advice, findings: problem?.findings };
  if (response.status === 401) tokenTrouble.value = trouble;
  return trouble;
}

/** Where the API tells of one cascade. */
export const cascadePath = (id: string): string => `/v1/cascades/${encodeURIComponent(id)}`;
