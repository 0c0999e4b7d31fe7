/** An object of GraphQL: a member is a value, or computed from arguments when somebody asks for it. */
export interface GraphObject {
  readonly [name: string]: unknown;
}

export type Args = Readonly<Record<string, unknown>>;

const cursorOf = (index: number): string => Buffer.from(`cursor:${index}`).toString('base64');
const indexOf = (cursor: unknown): number => typeof cursor === 'string' ? Number(Buffer.from(cursor, 'base64').toString().split(':')[1]) + 1 : 0;

/** A list of GraphQL, by `first` and `after`; its members are made when somebody asks for them. */
export function connection<T>(items: readonly T[], show: (item: T) => GraphObject): (args: Args) => GraphObject {
  return (args) => {
    const start = indexOf(args['after']);
    const end = Math.min(items.length, start + Number(args['first'] ?? items.length));
    const hasAny = end > start;
    return {
      nodes: () => items.slice(start, end).map(show), totalCount: items.length,
      pageInfo: { hasNextPage: end < items.length, hasPreviousPage: start > 0, startCursor: hasAny ? cursorOf(start) : null, endCursor: hasAny ? cursorOf(end - 1) : null },
    };
  };
}
