import type { LoggerService } from '@nestjs/common';
import { parseEnvironment } from '@cascade/messages';
import { z } from 'zod';
import { currentScope } from '../scope.js';
import { logLevels, logRecord, type LogLevel, type LogRecord } from './log-record.js';
import { textLine } from './text-line.js';

const settings = z.object({
  CASCADE_LOG_LEVEL: z.enum([...logLevels, 'silent']).default('info'),
  CASCADE_LOG_FORMAT: z.enum(['json', 'text']).optional(),
});

type Sink = (level: LogLevel, service: string, record: LogRecord) => void;

/** What Nest says of its own start; it fills screens and tells nobody anything. */
const chatter: ReadonlySet<unknown> = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication', 'NestMicroservice']);

/**
 * The log of a service's own process: one line per record on stdout, as JSON (the default) or as text (the default at a
 * terminal), from `CASCADE_LOG_LEVEL` on. What the work belongs to comes from `Scope`.
 * Throws `CASC_CONFIGURATION_INVALID` (terminal).
 */
export async function openProcessLogger(service: string, env: Readonly<Record<string, string | undefined>>): Promise<LoggerService> {
  const { CASCADE_LOG_LEVEL: level, CASCADE_LOG_FORMAT: format = process.stdout.isTTY ? 'text' : 'json' } = parseEnvironment(settings, env);
  const sink = format === 'json' ? await jsonSink() : textSink;
  const lowest = level === 'silent' ? logLevels.length : logLevels.indexOf(level);
  const at = (own: LogLevel) => (...said: unknown[]): void => {
    const real = own === 'info' && chatter.has(said.at(-1)) ? 'debug' : own;
    if (logLevels.indexOf(real) < lowest) return;
    const scope = currentScope();
    sink(real, scope.service ?? service, logRecord(said, scope, scope.service ?? service));
  };
  return { verbose: at('trace'), debug: at('debug'), log: at('info'), warn: at('warn'), error: at('error'), fatal: at('fatal') };
}

const textSink: Sink = (level, service, record) => { process.stdout.write(textLine(level, new Date().toISOString(), service, record)); };

/** pino writes synchronously here: the last line before a process ends is the one that matters. */
async function jsonSink(): Promise<Sink> {
  const { default: pino } = await import('pino');
  const log = pino({ level: 'trace', base: null, messageKey: 'message', timestamp: () => `,"time":"${new Date().toISOString()}"`, formatters: { level: (label) => ({ level: label }) } });
  return (level, service, { message, ...fields }) => log[level]({ service, ...fields }, message);
}
