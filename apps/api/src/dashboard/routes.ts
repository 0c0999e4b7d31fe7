export const tabs = ['overview', 'discussion', 'files', 'changes', 'timeline'] as const;
export type Tab = (typeof tabs)[number];

/** Where the page is: the part of its address after `#`, so that one page serves all, and links can be sent. */
export type Route =
  | { readonly page: 'cascades' }
  | { readonly page: 'streams' }
  | { readonly page: 'cascade'; readonly id: string; readonly tab: Tab; readonly task?: string; readonly file?: string }
  | { readonly page: 'unknown' };

/** What an address after `#` means; what it does not know is `unknown`. */
export function parseRoute(hash: string): Route {
  const parts = hash.replace(/^#?\/?/, '').split('/').map(decoded);
  if (parts.some((part) => part === undefined)) return { page: 'unknown' };
  const [page, id, tab = 'overview', ...rest] = parts as string[];
  if (page === '' || (page === 'cascades' && id === undefined)) return { page: 'cascades' };
  if (page === 'streams' && id === undefined) return { page: 'streams' };
  if (page !== 'cascades' || id === undefined || id === '') return { page: 'unknown' };
  if (tab === 'tasks' && rest[0] !== undefined) return { page: 'cascade', id, tab: 'overview', task: rest[0] };
  if (!(tabs as readonly string[]).includes(tab)) return { page: 'unknown' };
  return { page: 'cascade', id, tab: tab as Tab, ...(tab === 'files' && rest.length > 0 ? { file: rest.join('/') } : {}) };
}

/** The address of a route. */
export function hrefOf(route: Exclude<Route, { page: 'unknown' }>): string {
  if (route.page !== 'cascade') return `#/${route.page}`;
  const at = `#/cascades/${encodeURIComponent(route.id)}`;
  if (route.task !== undefined) return `${at}/tasks/${encodeURIComponent(route.task)}`;
  if (route.file !== undefined) return `${at}/files/${route.file.split('/').map(encodeURIComponent).join('/')}`;
  return route.tab === 'overview' ? at : `${at}/${route.tab}`;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
