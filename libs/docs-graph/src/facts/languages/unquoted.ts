/** What stands between the quotes of a string, a template or nothing. */
export const unquoted = (text: string): string => text.replace(/^(["'`])([^]*)\1$/, '$2');
