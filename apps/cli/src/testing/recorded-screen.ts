import type { Screen } from '../screen.js';

/** A screen that remembers what was shown, without colours. */
export interface RecordedScreen extends Screen {
  readonly dataLines: string[];
  readonly noticeLines: string[];
}

export function recordedScreen(): RecordedScreen {
  const [dataLines, noticeLines]: [string[], string[]] = [[], []];
  return {
    dataLines, noticeLines, terminal: undefined, keyboard: undefined,
    data: (line) => void dataLines.push(line),
    notice: (line) => void noticeLines.push(line),
    style: (_style, text) => text,
    dataStyle: (_style, text) => text,
  };
}
