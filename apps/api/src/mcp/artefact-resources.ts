import { Injectable } from '@nestjs/common';
import { relativePath, terminal } from '@cascade/contracts';
import { Artefacts, reportPathOf } from '../cascades/artefacts.js';
import { cascadeId } from '../contract/cascade-schemas.js';
import { Partitions } from '../partitions.js';

/** Cascades among whose reports a client can choose. */
const LISTED = 50;

export const uriTemplate = 'cascade://{id}/{+path}';

interface Resource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly mimeType: string;
}

/** What cascades wrote, as resources: `cascade://<id>/<path>`. */
@Injectable()
export class ArtefactResources {
  constructor(private readonly partitions: Partitions, private readonly artefacts: Artefacts) {}

  /** The reports of the newest completed cascades; other files are named by `uriTemplate`. */
  async list(): Promise<Resource[]> {
    const records = await this.partitions.cascades.list(LISTED);
    return records.flatMap((record) => {
      const path = reportPathOf(record);
      return path === undefined ? [] : [{ uri: `cascade://${record.id}/${path}`, name: `${record.id} report`, title: `Report: ${record.request.slice(0, 100)}`, mimeType: 'text/markdown' }];
    });
  }

  /** Throws `CASC_REQUEST_INVALID` (terminal) for what is no such address, and what `Artefacts.get` throws. */
  async read(uri: string): Promise<{ uri: string; mimeType: string; text: string }> {
    const { id, path } = placeOf(uri);
    const { text } = await this.artefacts.get(id, path);
    return { uri, mimeType: path.endsWith('.md') ? 'text/markdown' : 'text/plain', text };
  }
}

function placeOf(uri: string): { id: string; path: string } {
  const [, host, rest] = /^cascade:\/\/([^/]{1,200})\/(.{1,4000})$/.exec(uri) ?? [];
  const [id, path] = [cascadeId.safeParse(host), relativePath.safeParse(decoded(rest))];
  if (!id.success || !path.success) throw terminal('CASC_REQUEST_INVALID', `${JSON.stringify(uri.slice(0, 200))} is no artefact.`, { advice: `Artefacts are ${uriTemplate}.` });
  return { id: id.data, path: path.data };
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
