import { Controller } from '@nestjs/common';
import { terminal, type WorkItemKey } from '@cascade/contracts';
import { WorkItems, type WorkItemRow } from '@cascade/state';
import { z } from 'zod';
import { getWorkItem, listWorkItems } from '../contract/item-operations.js';
import type { AnswerOf, InputOf } from '../contract/operation.js';
import { decodeCursor, encodeCursor } from '../contract/paging.js';
import { Implements, Input } from '../http/implements.js';
import { Partitions } from '../partitions.js';

const place = z.strictObject({ partition: z.number().int().min(0), cursor: z.string().regex(/^\d{1,20}$/) });
const MAX_CASCADE_PAGE = 1_000;

@Controller()
export class WorkItemsController {
  private readonly items: WorkItems;

  constructor(private readonly partitions: Partitions) {
    this.items = new WorkItems(partitions.connections);
  }

  @Implements(listWorkItems)
  async list(@Input() { query: { cascade, repository, kind, limit, cursor } }: InputOf<typeof listWorkItems>): Promise<AnswerOf<typeof listWorkItems>> {
    const isWanted = (key: Pick<WorkItemKey, 'kind'> & { readonly repo?: string }): boolean => (kind === undefined || key.kind === kind) && (repository === undefined || key.repo === repository);
    if (cascade !== undefined) {
      const { redis } = await this.partitions.cascades.require(cascade);
      const all = await this.items.ofCascade(redis, cascade);
      return { items: all.filter((row) => isWanted({ kind: row.kind, repo: row.columns['repo_name'] ?? '' })).slice(0, MAX_CASCADE_PAGE).map(shown) };
    }
    const { items, next } = await this.items.scan(limit, isWanted, decodeCursor(place, cursor));
    return { items: items.map(shown), ...(next === undefined ? {} : { next: encodeCursor(next) }) };
  }

  @Implements(getWorkItem)
  async get(@Input() { params: { key } }: InputOf<typeof getWorkItem>): Promise<AnswerOf<typeof getWorkItem>> {
    const found = await this.items.find(key);
    if (found === undefined) throw terminal('CASC_WORK_ITEM_UNKNOWN', `There is no work item ${JSON.stringify(key.slice(0, 200))}.`);
    return { ...shown(found), document: found.document };
  }
}

const shown = (row: WorkItemRow): AnswerOf<typeof listWorkItems>['items'][number] => ({
  key: row.key, kind: row.kind, title: row.title, status: row.status, documentPath: row.documentPath, cascadeId: row.cascadeId, modifiedAt: row.modifiedAt, columns: { ...row.columns },
});
