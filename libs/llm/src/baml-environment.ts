/**
 * Must be imported before the generated client: the native library reads these once, when it is loaded.
 * Without them it prints whole prompts to standard output and puts native stack traces into error messages.
 */
process.env['BAML_LOG'] ??= 'off';
process.env['RUST_BACKTRACE'] = '0';

export {};
