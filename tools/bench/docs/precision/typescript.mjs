// Asks the TypeScript compiler what the calls mean: `typescript.mjs <folder>`, edges as JSON on stdin, verdicts on stdout
// (see ../precision.mjs). For TypeScript and JavaScript.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const folder = process.argv[2];
const edges = JSON.parse(readFileSync(0, 'utf8'));
const sources = /\.(?:[cm]?ts|tsx|[cm]?js|jsx)$/;
const files = ts.sys.readDirectory(folder).filter((file) => sources.test(file) && !file.includes('node_modules'));
const program = ts.createProgram(files, {
  allowJs: true, checkJs: false, noEmit: true, noLib: false, skipLibCheck: true, maxNodeModuleJsDepth: 0, strict: true, experimentalDecorators: true,
  target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, allowImportingTsExtensions: true, types: [],
});
const checker = program.getTypeChecker();

process.stdout.write(JSON.stringify(edges.map(verdict)));

/** `right` when a call on the line has a declaration inside the target; `unknown` when the compiler cannot tell. */
function verdict({ path: file, line, name, to }) {
  const source = program.getSourceFile(path.join(folder, file));
  if (source === undefined) return { verdict: 'unknown' };
  const calls = callsOn(source, line - 1);
  const meant = calls.map((call) => ({ name: nameOf(call), places: declarationsOf(call) }));
  if (meant.some(({ places }) => places.some((place) => place.path === to.path && place.line >= to.startLine && place.line <= to.endLine))) return { verdict: 'right' };
  const named = meant.filter((one) => one.name === name);
  const places = (named.length > 0 ? named : meant).flatMap((one) => one.places);
  return places.length === 0 ? { verdict: 'unknown' } : { verdict: 'wrong', meant: places.map((place) => `${place.path}:${place.line}`).slice(0, 3) };
}

function callsOn(source, line) {
  const found = [];
  const visit = (node) => {
    if ((ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node) || ts.isDecorator(node)) && lineOf(source, calleeOf(node)) === line) found.push(calleeOf(node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The identifier that names what is called. */
function calleeOf(node) {
  let callee = ts.isTaggedTemplateExpression(node) ? node.tag : node.expression;
  for (;;) {
    if (ts.isPropertyAccessExpression(callee)) return callee.name;
    if (ts.isParenthesizedExpression(callee) || ts.isNonNullExpression(callee) || ts.isAsExpression(callee)) callee = callee.expression;
    else return callee;
  }
}

function declarationsOf(callee) {
  let symbol = checker.getSymbolAtLocation(callee);
  if (symbol === undefined) return [];
  if (symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  const own = symbol.declarations ?? [];
  // `const f = wrap(g)`, `{ f }`, `exports.f = f`: what it was made of is meant as well.
  return [...own, ...own.flatMap(valueOf)].map(placeOf);
}

function valueOf(declaration) {
  const named = ts.isShorthandPropertyAssignment(declaration) ? checker.getShorthandAssignmentValueSymbol(declaration)
    : ts.isPropertyAssignment(declaration) && ts.isIdentifier(declaration.initializer) ? checker.getSymbolAtLocation(declaration.initializer)
      : ts.isPropertyAccessExpression(declaration) && ts.isBinaryExpression(declaration.parent) && ts.isIdentifier(declaration.parent.right) ? checker.getSymbolAtLocation(declaration.parent.right)
        : ts.isBindingElement(declaration) || ts.isVariableDeclaration(declaration) ? checker.getTypeAtLocation(declaration).symbol : undefined;
  if (named === undefined) return [];
  return (named.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named).declarations ?? [];
}

function placeOf(declaration) {
  const source = declaration.getSourceFile();
  return { path: path.relative(folder, source.fileName), line: lineOf(source, declaration) + 1 };
}

function lineOf(source, node) {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line;
}

function nameOf(callee) {
  return callee.text ?? '';
}
