import type { Node } from 'web-tree-sitter';
import type { ImportFacts, LanguageName } from './file-facts.js';

/** What tells whether a function is a test; every language has its own custom. */
export interface TestCandidate {
  readonly path: string;
  readonly name: string;
  /** Decorators, annotations, attributes, as written. */
  readonly marks: readonly string[];
  readonly parameters: string;
  /** The class it belongs to and that class' bases. */
  readonly parent: string;
  readonly bases: readonly string[];
}

/** Where a name is bound: the type that is written, and the value. Neither: in a way that tells no type. */
export interface BindingParts {
  readonly type?: Node | undefined;
  readonly value?: Node | undefined;
}

/** What a value says of its type: the type of which it is made, the call that made it (in parts between which a dot belongs), or that another value is inside; or nothing. */
export interface ValueParts {
  readonly type?: Node | undefined;
  readonly made?: readonly Node[];
  readonly inside?: Node | undefined;
  /** What is inside, or made, is awaited or unwrapped. */
  readonly opens?: boolean;
}

/**
 * A language is its grammar, one query and what the query cannot say. The extractor is the same for all: it knows these
 * captures, and nothing of any language.
 *
 * - `@function`, `@class` `@interface` `@struct` `@enum` `@trait` `@type`: a definition, with `@name`; optional `@value`
 *   (the function that a variable holds) and `@owner` (the class of a method that is written outside it).
 * - `@namespace`, `@impl`: a scope that is no definition itself; `@impl` continues the class of its name.
 * - `@block`: a call with a title (`@name`) and a function (`@value`), with `@callee`: a test, a suite, or nothing.
 * - `@base`: something that the innermost class extends.
 * - `@call`: the callee's name; optional `@receiver`, or `@path` where a path leads to it and no object.
 * - `@local`: a name that is bound here (variable, pattern, parameter); `@assigned`: one that is set; `@shared`: one that is
 *   said to be of a scope around.
 * - `@field`: of the class around, with `@name` and, where the text says its type, `@of`.
 * - `@module`: the package that the file declares to belong to.
 * - `@import`: given to `imports`.
 * - `@comment`, `@docstring`, `@mark` (decorator, annotation, attribute): belong to the definition that follows or surrounds them.
 */
export interface Language {
  readonly name: LanguageName;
  readonly extensions: readonly string[];
  /** Path of the grammar below node_modules. */
  readonly grammar: string;
  readonly query: string;
  /** The grammar's fields of a function: its parameters (there may be another for the only one without parentheses), and what it returns. */
  readonly parameters: readonly string[];
  readonly returns: string;
  imports(node: Node): Omit<ImportFacts, 'line'>[];
  isTest(candidate: TestCandidate): boolean;
  /** The class that `@owner` means; empty for none. */
  owner(text: string): string;
  /** Names of functions and of variables are of one kind: not in Java. */
  readonly hasFunctionValues: boolean;
  /** To set a name declares it in the function where that stands, as in Python. */
  readonly assignmentDeclares: boolean;
  /** The parts of what binds a name; undefined where it holds nothing yet. */
  binding(name: Node): BindingParts | undefined;
  /** Undefined for values that are no objects on which methods are looked up: null, functions (which are definitions), modules. */
  value(node: Node): ValueParts | undefined;
}
