// Lets Node run our TypeScript sources in a child process: relative imports end in .js, the files in .ts.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith('.') || !specifier.endsWith('.js') || !context.parentURL?.endsWith('.ts')) return next(specifier, context);
    return next(specifier.replace(/\.js$/, '.ts'), context);
  },
});
