import { expect, it } from '@jest/globals';
import { workItemEvents, workItemWrite } from './work-item.js';

it('publishes one event for each work item that is saved, and none for other writes', () => {
  const item = workItemWrite({
    key: { kind: 'epic', repo: 'shop', branch: 'main', epicId: '1', epicName: 'codes' }, status: 'Approved', title: 'Codes',
    documentPath: 'docs/epic-1.md', document: { id: 1 }, cascadeId: 'c1', modifiedAt: 0,
  });
  const events = workItemEvents([{ key: 'cascade:c1', fields: { state: 'running' } }, item]);
  expect(events.map(({ definition, data, subject }) => [definition.type, data, subject])).toEqual([['work_item.changed', { key: item.key, status: 'Approved' }, item.key]]);
});
