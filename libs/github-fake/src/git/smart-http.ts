import { spawn } from 'node:child_process';
import { type RequestFaults, type ApiAnswer } from '../http/request-faults.js';
import { admit } from '../http/access.js';
import { authenticate } from '../http/authenticate.js';
import { actorOf, nameOf, type ApiRequest } from '../http/call.js';
import { type JournalEntry } from '../journal.js';
import { Refusal } from '../world/refusal.js';
import { type World } from '../world/world.js';
import { type BareRepositories } from './bare-repositories.js';
import { tellPushes } from './pushes.js';

const address = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

export const isGit = (path: string): boolean => address.test(path);

/** Clone, fetch and push over HTTP: git's own `http-backend` behind GitHub's users and permissions. */
export class SmartHttp {
  constructor(private readonly world: World, private readonly git: BareRepositories, private readonly faults: RequestFaults) {}

  async handle(request: ApiRequest, entry: JournalEntry): Promise<ApiAnswer> {
    const [, owner = '', name = '', service = ''] = address.exec(request.url.pathname) ?? [];
    const pushes = service === 'git-receive-pack' || request.url.searchParams.get('service') === 'git-receive-pack';
    entry.operation = 'git';
    entry.isWrite = service === 'git-receive-pack';
    try {
      const authorization = request.headers['authorization'];
      const caller = authenticate(this.world, Array.isArray(authorization) ? authorization[0] : authorization);
      entry.by = nameOf(caller);
      if (await this.faults.before(entry)) return { kind: 'cut' };
      const repository = this.world.repository(owner, name) ?? this.world.formerNames.get(`${owner}/${name}`.toLowerCase());
      // Who showed nothing is asked for a password before it hears whether there is such a repository.
      if (caller.kind === 'anonymous' && (repository === undefined || repository.isPrivate || pushes)) throw new Refusal(401, 'Authentication required', [], { 'www-authenticate': 'Basic realm="GitHub"' });
      if (repository === undefined) throw new Refusal(404, 'Repository not found.');
      admit(this.world, caller, repository, { permission: 'contents', level: pushes ? 'write' : 'read', role: pushes ? 'write' : 'read' });
      const before = entry.isWrite ? this.git.branches(repository) : undefined;
      const folder = this.git.folder(repository);
      const answer = await backend(this.git.root, `/${folder.slice(this.git.root.length + 1)}/${service}`, request);
      if (before !== undefined) entry.hadEffect = tellPushes(this.world, this.git, actorOf(caller), repository, before);
      return await this.faults.after(entry, answer);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { kind: 'answer', status: error.status, headers: { 'content-type': 'text/plain; charset=utf-8', ...error.headers }, body: error.message };
    }
  }
}

function backend(root: string, pathInfo: string, request: ApiRequest): Promise<ApiAnswer> {
  const header = (name: string): string => String(request.headers[name] ?? '');
  const process_ = spawn('git', ['http-backend'], { env: {
    PATH: process.env['PATH'] ?? '', GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', REMOTE_ADDR: '127.0.0.1', REMOTE_USER: 'fake', PATH_INFO: pathInfo,
    QUERY_STRING: request.url.search.slice(1), REQUEST_METHOD: request.method, CONTENT_TYPE: header('content-type'), CONTENT_LENGTH: String(request.body.length), HTTP_CONTENT_ENCODING: header('content-encoding'), GIT_PROTOCOL: header('git-protocol'),
  } });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    process_.on('error', reject).stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    process_.stdin.on('error', () => undefined).end(request.body);
    process_.on('close', () => resolve(cgiAnswer(Buffer.concat(chunks))));
  });
}

function cgiAnswer(output: Buffer): ApiAnswer {
  const end = Math.max(output.indexOf('\r\n\r\n'), 0);
  const headers = Object.fromEntries(output.subarray(0, end).toString('latin1').split('\r\n').filter((line) => line !== '').map((line) => line.split(/:\s*/, 2) as [string, string]));
  const { Status: status = '200', ...rest } = headers;
  return { kind: 'answer', status: Number.parseInt(status, 10), headers: rest, body: output.subarray(end + 4) };
}
