import { type Answer } from './call.js';

/** GitHub's own limit. */
const MAX_PER_PAGE = 100;

const whole = (text: string | undefined, fallback: number): number => {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : fallback;
};

/** Cuts a list to the page that was asked for and links the others (`Link` header). */
export function paged(answer: Answer, url: URL): Answer {
  if (answer.paged === undefined) return answer;
  const { items, show } = answer.paged;
  const perPage = Math.min(whole(url.searchParams.get('per_page') ?? undefined, 30), MAX_PER_PAGE);
  const page = whole(url.searchParams.get('page') ?? undefined, 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (to: number, rel: string): string => {
    const target = new URL(url);
    target.searchParams.set('page', String(to));
    return `<${target.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []), ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []), ...(page > 1 ? [link(1, 'first')] : []),
  ];
  return { status: answer.status, body: show(items.slice((page - 1) * perPage, page * perPage)), headers: { ...answer.headers, ...(links.length === 0 ? {} : { link: links.join(', ') }) } };
}
