import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Controller, Req, Res } from '@nestjs/common';
import { terminal } from '@cascade/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InputOf } from './contract/operation.js';
import { getPage, getPageFile, pageFiles } from './contract/page-operations.js';
import { Implements, Input } from './http/implements.js';

/** Beside the built API; run from its sources, the page that was built last is served. */
const folders = [new URL('./dashboard/', import.meta.url), new URL('../dist/dashboard/', import.meta.url)];
const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };

/** Nothing from anywhere else, no script or style in the page itself, and no text that becomes HTML. */
export const PAGE_POLICY = 'default-src \'none\'; script-src \'self\'; style-src \'self\'; img-src \'self\'; connect-src \'self\'; form-action \'none\'; base-uri \'none\'; frame-ancestors \'none\'; require-trusted-types-for \'script\'; trusted-types \'none\'';

/** The dashboard: files that know the API as any other client does. */
@Controller()
export class DashboardController {
  private readonly files = new Map(['index.html', ...pageFiles].map((name) => [name, load(name)]));

  @Implements(getPage)
  page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.send('index.html', request, reply);
  }

  @Implements(getPageFile)
  file(@Input() { params: { file } }: InputOf<typeof getPageFile>, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.send(file, request, reply);
  }

  private send(name: string, request: FastifyRequest, reply: FastifyReply): void {
    const file = this.files.get(name);
    if (file === undefined) throw terminal('CASC_ROUTE_UNKNOWN', 'There is nothing at this address.', { advice: '/openapi.json says what there is.' }); // it was not built
    const isPacked = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    void reply.headers({ 'content-type': types[extname(name)], 'content-security-policy': PAGE_POLICY, 'cross-origin-opener-policy': 'same-origin', 'vary': 'accept-encoding', ...(isPacked ? { 'content-encoding': 'gzip' } : {}) });
    void reply.send(isPacked ? file.packed : file.plain);
  }
}

function load(name: string): { readonly plain: Buffer; readonly packed: Buffer } | undefined {
  for (const folder of folders) {
    try {
      const plain = readFileSync(new URL(name, folder));
      return { plain, packed: gzipSync(plain, { level: 9 }) };
    } catch {
      // it is in the other one, or was not built
    }
  }
  return undefined;
}
