import { createPrivateKey, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { configurationInvalid, parseEnvironment, Secret, terminal } from '@cascade/contracts';

/** A personal access token, or the key of a GitHub App, of which every repository gets tokens of its own. */
export type GitHubCredentials =
  | { readonly kind: 'token'; readonly token: Secret }
  | { readonly kind: 'app'; readonly appId: string; readonly privateKey: Secret };

/** How GitHub's MCP server is reached: as a child process, or where somebody runs it. */
export type McpServer = { readonly kind: 'command'; readonly argv: readonly string[] } | { readonly kind: 'url'; readonly url: string };

export interface GitHubConfig {
  /** Address of the REST API, without a slash at its end. */
  readonly api: string;
  /** Address that repositories and issues have for people: `https://github.com`. */
  readonly web: string;
  /** `github.com`; with its port where it has one. */
  readonly host: string;
  /** undefined: nothing is read from or written to GitHub. */
  readonly credentials: GitHubCredentials | undefined;
  /** Whether the pace that GitHub asks for is kept; an Enterprise server may have no limits. */
  readonly hasLimits: boolean;
  /** All are accepted, so that one can be replaced by another without a delivery lost. */
  readonly webhookSecrets: readonly Secret[];
  /** Signs the markers of our issues and comments; undefined when there is nothing to derive it from. */
  readonly markerSecret: Secret | undefined;
  /** On every issue of ours, and what starts a cascade when people put it on one of theirs. */
  readonly label: string;
  readonly tracker: 'rest' | 'mcp';
  readonly mcp: McpServer | undefined;
  readonly webhookPort: number;
  /** Between two sweeps for what webhooks missed. */
  readonly sweepMinutes: number;
}

const environment = z.object({
  CASCADE_GITHUB_TOKEN: z.string().max(1_000).regex(/^[\x21-\x7e]+$/, 'must be one word without spaces').optional(),
  CASCADE_GITHUB_APP_ID: z.string().regex(/^[\w.-]{1,100}$/, 'must be the id (or the client id) of a GitHub App').optional(),
  CASCADE_GITHUB_PRIVATE_KEY: z.string().max(20_000).optional(),
  CASCADE_GITHUB_API: z.string().max(500).refine(isApiAddress, 'must be https://…, or http://… of this machine, without credentials, query or fragment').default('https://api.github.com'),
  CASCADE_GITHUB_LIMITS: z.enum(['github', 'none']).default('github'),
  CASCADE_GITHUB_WEBHOOK_SECRETS: z.string().max(10_000).optional(),
  CASCADE_GITHUB_MARKER_SECRET: z.string().min(16, 'must have 16 characters or more').max(1_000).optional(),
  CASCADE_GITHUB_LABEL: z.string().max(40).regex(/^[^,\n]+$/, 'must be a label without a comma').default('cascade'),
  CASCADE_GITHUB_TRACKER: z.enum(['rest', 'mcp']).default('rest'),
  CASCADE_GITHUB_MCP: z.string().max(2_000).optional(),
  CASCADE_WEBHOOK_PORT: z.coerce.number().int().min(0).max(65_535).default(8788),
  CASCADE_GITHUB_SWEEP_MINUTES: z.coerce.number().min(0.01).max(1_440).default(5),
}).superRefine((env, context) => {
  const wrong = (name: keyof typeof env, message: string): void => { context.addIssue({ code: 'custom', path: [name], message }); };
  if ((env.CASCADE_GITHUB_APP_ID === undefined) !== (env.CASCADE_GITHUB_PRIVATE_KEY === undefined)) {
    wrong(env.CASCADE_GITHUB_APP_ID === undefined ? 'CASCADE_GITHUB_APP_ID' : 'CASCADE_GITHUB_PRIVATE_KEY', 'is missing: a GitHub App has an id and a private key');
  }
  if (env.CASCADE_GITHUB_TOKEN !== undefined && env.CASCADE_GITHUB_APP_ID !== undefined) wrong('CASCADE_GITHUB_TOKEN', 'cannot be set together with CASCADE_GITHUB_APP_ID');
  if (env.CASCADE_GITHUB_TRACKER === 'mcp' && env.CASCADE_GITHUB_MCP === undefined) wrong('CASCADE_GITHUB_MCP', 'is missing: the command or the address of GitHub\'s MCP server');
  if (env.CASCADE_GITHUB_TRACKER === 'mcp' && env.CASCADE_GITHUB_TOKEN === undefined) wrong('CASCADE_GITHUB_TOKEN', 'is missing: the MCP server is given a token, not the key of an App');
});

/**
 * What the environment says of GitHub; all of it has a default but the credentials. Throws `CASC_CONFIGURATION_INVALID`
 * (terminal) that names every wrong variable and shows no value.
 */
export function readGitHubConfig(env: Readonly<Record<string, string | undefined>>): GitHubConfig {
  const set = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value?.trim()]).filter(([, value]) => value !== ''));
  const values = parseEnvironment(environment, set);
  const api = values.CASCADE_GITHUB_API.replace(/\/+$/, '');
  const web = webAddress(new URL(api));
  const webhookSecrets = (values.CASCADE_GITHUB_WEBHOOK_SECRETS ?? '').split(',').map((one) => one.trim()).filter((one) => one !== '').map((one) => new Secret(one));
  const credentials = credentialsOf(values.CASCADE_GITHUB_TOKEN, values.CASCADE_GITHUB_APP_ID, values.CASCADE_GITHUB_PRIVATE_KEY);
  return {
    api, web, host: new URL(web).host, credentials, hasLimits: values.CASCADE_GITHUB_LIMITS === 'github', webhookSecrets,
    markerSecret: values.CASCADE_GITHUB_MARKER_SECRET === undefined ? derived(webhookSecrets[0], credentials) : new Secret(values.CASCADE_GITHUB_MARKER_SECRET),
    label: values.CASCADE_GITHUB_LABEL,
    tracker: values.CASCADE_GITHUB_TRACKER,
    mcp: values.CASCADE_GITHUB_MCP === undefined ? undefined : mcpServer(values.CASCADE_GITHUB_MCP),
    webhookPort: values.CASCADE_WEBHOOK_PORT,
    sweepMinutes: values.CASCADE_GITHUB_SWEEP_MINUTES,
  };
}

/** Throws `CASC_GITHUB_NOT_CONFIGURED` (terminal), which says what to set, when there are none. */
export function requireCredentials(credentials: GitHubCredentials | undefined): GitHubCredentials {
  if (credentials !== undefined) return credentials;
  throw terminal('CASC_GITHUB_NOT_CONFIGURED', 'No credentials for GitHub are configured.', {
    advice: 'Set CASCADE_GITHUB_TOKEN, or CASCADE_GITHUB_APP_ID and CASCADE_GITHUB_PRIVATE_KEY; see docs/github.md.',
  });
}

/** A token over plain HTTP is anybody's; what runs on this machine is reached without a network. */
function isApiAddress(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname));
}

/** `api.github.com` → `github.com`, `api.acme.ghe.com` → `acme.ghe.com`; an Enterprise server has its API below /api/v3. */
function webAddress(api: URL): string {
  const isServer = api.pathname.length > 1;
  return `${api.protocol}//${isServer ? api.host : api.host.replace(/^api\./, '')}`;
}

function credentialsOf(token: string | undefined, appId: string | undefined, key: string | undefined): GitHubCredentials | undefined {
  if (token !== undefined) return { kind: 'token', token: new Secret(token) };
  return appId === undefined || key === undefined ? undefined : { kind: 'app', appId, privateKey: new Secret(privateKey(key)) };
}

/** The key itself (with `\n` for its line ends, as many environments hold it) or the file that it is in. */
function privateKey(given: string): string {
  try {
    const pem = given.startsWith('-----BEGIN') ? given.replaceAll(String.raw`\n`, '\n') : readFileSync(given, 'utf8');
    createPrivateKey(pem);
    return pem;
  } catch {
    throw configurationInvalid(['CASCADE_GITHUB_PRIVATE_KEY: is neither a private key in PEM form nor a file that holds one']);
  }
}

/** Stays the same as long as what it is made of does: people who will change that set CASCADE_GITHUB_MARKER_SECRET. */
function derived(webhook: Secret | undefined, credentials: GitHubCredentials | undefined): Secret | undefined {
  const from = webhook ?? (credentials?.kind === 'app' ? credentials.privateKey : credentials?.token);
  return from && new Secret(Buffer.from(hkdfSync('sha256', from.reveal(), '', 'cascade github marker', 32)).toString('base64url'));
}

/** Words are split at spaces, without a shell; a command whose words hold spaces is written as a JSON list. */
function mcpServer(given: string): McpServer {
  if (URL.canParse(given) && /^https?:/.test(given)) {
    if (isApiAddress(given)) return { kind: 'url', url: given };
    throw configurationInvalid(['CASCADE_GITHUB_MCP: must be https://…, or http://… of this machine, without credentials, query or fragment']);
  }
  if (!given.startsWith('[')) return { kind: 'command', argv: given.split(/\s+/) };
  const argv = z.array(z.string().min(1)).min(1).max(100).safeParse(listOf(given));
  if (argv.success) return { kind: 'command', argv: argv.data };
  throw configurationInvalid(['CASCADE_GITHUB_MCP: must be a command, a JSON list of its words, or an address']);
}

function listOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
