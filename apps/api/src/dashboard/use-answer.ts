import { useCallback, useEffect, useState } from 'preact/hooks';
import { ask, token, type Answer } from './api.js';
import { connection } from './live.js';

/** The answer to a GET, asked for again when `version` is another; the one before stays until the next is there. */
export function useAnswer<T>(path: string, version: unknown = ''): { readonly answer: Answer<T> | undefined; readonly again: () => void } {
  const [found, setFound] = useState<{ readonly path: string; readonly answer: Answer<T> }>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isWanted = true;
    void ask<T>('GET', path).then((answer) => { if (isWanted) setFound({ path, answer }); });
    return () => { isWanted = false; };
  }, [path, version, turn, token.value]);
  const isLive = connection.value.state === 'live';
  useEffect(() => { if (isLive && found?.answer.ok === false) setTurn((one) => one + 1); }, [isLive]); // whoever is back is asked again
  return { answer: found?.path === path ? found.answer : undefined, again: useCallback(() => setTurn((one) => one + 1), []) };
}
