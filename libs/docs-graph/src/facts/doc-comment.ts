/** Instructions to tools, which say nothing about the code. */
const directive = /^(?:eslint|oxlint|tslint|prettier|biome|istanbul|c8|v8|jshint|jslint|webpack|nolint|noqa|noinspection|pylint|pragma|go:|line |region\b|endregion\b|@ts-|type:|mypy:|\s*\+build|#(?:end)?region)/;

/** What a comment or a run of line comments says, without the marks of any of our languages. */
export function cleanComment(text: string): string {
  const lines = text.split('\n').map((line) => line
    .replace(/^\s*(?:\/\*(?:[*!](?!\/))?|\/\/[/!]?|#+(?!\[)|\*(?!\/))[ \t]?/, '')
    .replace(/\s*\*+\/\s*$/, '')
    .trimEnd());
  return dedented(lines.filter((line) => !directive.test(line.trimStart()))).trim();
}

/** What a Python docstring says, as `inspect.cleandoc` does: the first line's indentation is that of the quotes. */
export function cleanDocstring(text: string): string {
  const body = text.replace(/^[a-zA-Z]{0,2}("""|'''|"|')([^]*)\1$/, '$2').replaceAll('\t', '    ');
  const [first = '', ...rest] = body.split('\n').map((line) => line.trimEnd());
  return [first.trimStart(), ...dedented(rest).split('\n')].join('\n').trim();
}

function dedented(lines: readonly string[]): string {
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const common = indents.reduce((least, indent) => Math.min(least, indent), Number.MAX_SAFE_INTEGER);
  return lines.map((line) => line.slice(Math.min(common, line.length))).join('\n');
}
