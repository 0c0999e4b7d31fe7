/** Shorter ones are not looked for: `ollama` is a usual key, and every line that names it would be spoilt. */
export const MIN_SECRET_CHARACTERS = 8;
/** Secrets that come and go (tokens of an hour) are remembered up to this number, the newest; those of the environment always. */
const MAX_REMEMBERED = 200;

const ofEnvironment = new Set<string>();
const remembered = new Set<string>();
let pattern: RegExp | undefined;

/** From now on `redact` replaces this value wherever it is found. */
export function knowSecret(value: string): void {
  if (value.length < MIN_SECRET_CHARACTERS || remembered.has(value) || ofEnvironment.has(value)) return;
  remembered.add(value);
  if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.values().next().value!);
  pattern = undefined;
}

const secretName = /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|KEY|CREDENTIAL)S?$/i;
/** A list of names and values, of which the values are secret. */
const headersName = /_HEADERS$/;
const isPath = (value: string): boolean => /^(?:\.{0,2}\/|~)/.test(value);

/** The same for what an environment holds: variables named as secrets are, headers of exporters, and passwords in addresses. */
export function knowSecretsOf(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value = ''] of Object.entries(env)) {
    const parts = value.split(',');
    const found = [
      ...(secretName.test(name) && !isPath(value) ? [value, ...parts] : []),
      ...(headersName.test(name) ? parts.map((part) => part.slice(part.indexOf('=') + 1)).flatMap((part) => [part, decoded(part)]) : []),
      ...[...value.matchAll(/:\/\/[^/\s:@]{0,200}:([^/\s@]{1,1000})@/g)].flatMap(([, password]) => [password!, decoded(password!)]),
    ];
    for (const secret of found) if (secret.trim().length >= MIN_SECRET_CHARACTERS) ofEnvironment.add(secret.trim());
  }
  pattern = undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Matches every known secret in every form that is known of it; never matches while there is none. */
export function knownSecrets(): RegExp {
  return pattern ??= patternOf([...ofEnvironment, ...remembered]);
}

function patternOf(secrets: readonly string[]): RegExp {
  const forms = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return forms.length === 0 ? /(?!)/g : new RegExp(forms.map((form) => form.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)).join('|'), 'g');
}

/** As it is, each line of it, as JSON and addresses write it, and in base64 behind whatever stands before it there. */
function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n|\\n/).map((line) => line.trim()).filter((line) => line.length >= 2 * MIN_SECRET_CHARACTERS);
  const forms = [secret, ...lines, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...lines.length > 1 ? [] : [0, 1, 2].flatMap((before) => base64Of(secret, before))];
  return forms.filter((form) => form.length >= MIN_SECRET_CHARACTERS);
}

/** The characters that depend on the secret alone, whatever stands around it; `before`: bytes before it, modulo three. */
function base64Of(secret: string, before: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const own = bytes.toString('base64').slice(Math.ceil(before * 8 / 6), Math.floor(bytes.length * 8 / 6));
  return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
}
