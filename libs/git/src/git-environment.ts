import { devNull } from 'node:os';

/** How git may reach another repository in one call; `none` for everything that stays in the cache. */
export type Transport = 'none' | 'file' | 'https' | 'http' | 'ssh';

export const COMMITTER_NAME = 'Cascade';
export const COMMITTER_EMAIL = 'cascade@localhost';

/** What network transports need from the machine; everything else of our own environment stays with us. */
const networkVariables = [
  'https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'no_proxy', 'NO_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'GIT_SSL_CAINFO', 'SSH_AUTH_SOCK',
] as const;

/**
 * The whole environment of a git process. It starts empty, so that neither this process's secrets nor a user's git
 * set-up (templates, hooks, aliases, credential helpers) reach it.
 *
 * @param home an empty folder
 * @param globalConfig a file with `safe.directory` for local sources; transports drop `-c` settings, not this file
 */
export function gitEnvironment(home: string, transport: Transport, globalConfig: string = devNull): Record<string, string> {
  const network = transport === 'none' || transport === 'file' ? [] : networkVariables;
  return {
    ...Object.fromEntries(network.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: globalConfig,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'false',
    SSH_ASKPASS: 'false',
    GIT_EDITOR: ':',
    GIT_SEQUENCE_EDITOR: ':',
    GIT_PAGER: 'cat',
    PAGER: 'cat',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_ALLOW_PROTOCOL: transport,
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_CEILING_DIRECTORIES: home,
    GIT_AUTHOR_NAME: COMMITTER_NAME,
    GIT_AUTHOR_EMAIL: COMMITTER_EMAIL,
    GIT_COMMITTER_NAME: COMMITTER_NAME,
    GIT_COMMITTER_EMAIL: COMMITTER_EMAIL,
  };
}

/** Faults that old but honest histories carry; everything that fsck knows as an attack stays an error. */
const harmlessFaults = [
  'badTimezone', 'missingSpaceBeforeDate', 'missingSpaceBeforeEmail', 'missingNameBeforeEmail', 'missingEmail', 'badEmail', 'badDateOverflow',
  'zeroPaddedFilemode', 'zeroPaddedDate', 'multipleAuthors', 'nullSha1', 'badFilemode',
];

/**
 * Settings that no repository's own configuration can override. They switch off every way in which git runs a program
 * that a repository names, except filter drivers, which have free names: those are kept out by never using a
 * configuration that somebody else can write (GIT_DIR is always ours for work on files).
 */
export const safeSettings: readonly string[] = [
  'core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.attributesFile=/dev/null', 'core.excludesFile=/dev/null',
  'core.pager=cat', 'core.editor=:', 'core.askPass=', 'credential.helper=', 'core.gitProxy=', 'core.alternateRefsCommand=',
  'core.untrackedCache=false', 'core.quotePath=false', 'core.autocrlf=false', 'core.protectHFS=true', 'core.protectNTFS=true',
  'protocol.allow=never', 'protocol.ext.allow=never',
  'submodule.recurse=false', 'fetch.recurseSubmodules=false', 'push.recurseSubmodules=no', 'push.gpgSign=false',
  'transfer.fsckObjects=true', 'transfer.credentialsInUrl=die', ...harmlessFaults.map((fault) => `fetch.fsck.${fault}=ignore`),
  'commit.gpgSign=false', 'tag.gpgSign=false', 'log.showSignature=false', 'gc.auto=0', 'maintenance.auto=false',
  'diff.external=', 'safe.bareRepository=explicit', 'advice.detachedHead=false', 'core.logAllRefUpdates=true',
  'http.followRedirects=initial', 'http.lowSpeedLimit=1000', 'http.lowSpeedTime=30',
];

/** Settings for one transport. Ssh never asks: a question nobody can answer would hang until the time limit. */
export function transportSettings(transport: Transport): string[] {
  const ssh = transport === 'ssh' ? 'ssh -oBatchMode=yes -oConnectTimeout=20' : 'false';
  return [`core.sshCommand=${ssh}`, ...(transport === 'none' ? [] : [`protocol.${transport}.allow=always`])];
}
