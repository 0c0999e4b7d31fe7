import { fullNameOf, type Issue, type IssueAddress, type IssueTracker } from '@cascade/github';

/** What stands for an issue's node id where the tracker does not tell it: its address, which changes when it is moved. */
export const addressId = ({ repository, number }: IssueAddress): string => `${fullNameOf(repository).toLowerCase()}#${number}`;

const identified = (issue: Issue): Issue => (issue.nodeId === '' ? { ...issue, nodeId: addressId(issue) } : issue);

/** The tracker, with an identity for each issue that it gives. */
export function withIdentities(tracker: IssueTracker): IssueTracker {
  if (tracker.capabilities.exact) return tracker;
  return new Proxy(tracker, {
    get(target, name) {
      switch (name) {
        case 'getIssue': return async (...args: Parameters<IssueTracker['getIssue']>) => {
          const look = await target.getIssue(...args);
          return look.kind === 'issue' ? { ...look, issue: identified(look.issue) } : look;
        };
        case 'listIssues': return async (...args: Parameters<IssueTracker['listIssues']>) => {
          const page = await target.listIssues(...args);
          return page === 'unchanged' ? page : { ...page, issues: page.issues.map(identified) };
        };
        case 'createIssue': return async (...args: Parameters<IssueTracker['createIssue']>) => identified(await target.createIssue(...args));
        default: {
          const member: unknown = Reflect.get(target, name, target);
          return typeof member === 'function' ? member.bind(target) as unknown : member;
        }
      }
    },
  });
}
