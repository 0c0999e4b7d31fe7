/** By the ending of a file's name: a function of this name, with documentation, to be put behind what the file has. */
export const additions = {
  '.ts': (name) => `\n/** A ${name}. */\nexport function ${name}() {}\n`,
  '.js': (name) => `\n/** A ${name}. */\nfunction ${name}() {}\n`,
  '.py': (name) => `\n\ndef ${name}():\n    """A ${name}."""\n`,
  '.go': (name) => `\n// ${name} is new.\nfunc ${name}() {}\n`,
  '.rs': (name) => `\n/// A ${name}.\nfn ${name}() {}\n`,
  '.java': (name) => `\n/** A ${name}. */\nclass ${name} {}\n`,
};
