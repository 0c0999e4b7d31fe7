import { inspect } from 'node:util';
import { knowSecret } from './known-secrets.js';

/**
 * A value that cannot be printed by accident: every way to turn it into text gives a placeholder, and where the value itself
 * gets into a text, `redact` finds it.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    knowSecret(value);
  }

  /** The value itself; only for the request that needs it. */
  reveal(): string {
    return this.#value;
  }

  /** `text` without this secret, e.g. an error message in which an endpoint repeats the key. */
  redact(text: string): string {
    return this.#value === '' ? text : text.replaceAll(this.#value, String(this));
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
