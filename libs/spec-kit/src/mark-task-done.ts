import { finding, specInvalid } from './finding.js';
import { parseTaskLine } from './task-line.js';

/**
 * tasks.md with these tasks marked `[X]`; all else stays byte for byte as it is. Marking a task twice changes nothing.
 * Throws `CASC_SPEC_INVALID` when the text has no line for one of the tasks.
 */
export function markTaskDone(tasksMd: string, taskIds: readonly string[]): string {
  const missing = new Set(taskIds);
  const wanted = new Set(taskIds);
  const lines = tasksMd.split('\n').map((text) => {
    const id = parseTaskLine(text.replace(/\r$/, ''))?.id;
    if (id === undefined || !wanted.has(id)) return text;
    missing.delete(id);
    return text.replace(/^- \[[ xX]\]/, '- [X]');
  });
  if (missing.size > 0) throw specInvalid('tasks.md', [...missing].map((id) => finding('TASK_MISSING', 'has no task line', id)));
  return lines.join('\n');
}
