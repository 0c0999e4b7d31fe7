import type { LogLevel, LogRecord } from './log-record.js';

const places = ['cascade', 'event_type', 'event', 'trace_id'] as const;

/** A record for a person at a terminal. What comes from outside moves no cursor and begins no line of its own. */
export function textLine(level: LogLevel, time: string, service: string, record: LogRecord): string {
  const { message, context, error, details } = record;
  const where = places.flatMap((name) => (record[name] === undefined ? [] : [`${name}=${record[name]}`])).join(' ');
  const first = [time, level.toUpperCase().padEnd(5), context === undefined ? service : `${service}/${context}`, message, details === undefined ? '' : JSON.stringify(details), where === '' ? '' : `(${where})`];
  const lines = [first.filter((part) => part !== '').join(' '), ...(error?.stack === undefined ? [] : error.stack.split('\n').map((line) => `    ${line.trim()}`))];
  return `${lines.map((line) => line.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')).join('\n')}\n`;
}
