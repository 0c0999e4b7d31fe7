import type { JSX } from 'preact';
import { token, tokenTrouble } from './api.js';
import { duration } from './format.js';
import { Icon } from './icons.js';
import { connection, reconnect } from './live.js';
import { now } from './store.js';

/** Whether what is shown is what is. */
export function ConnectionState(): JSX.Element {
  const at = connection.value;
  if (tokenTrouble.value !== undefined) return <span class="connection tone-warn"><Icon name="warning" />{token.value === '' ? 'Token needed' : 'Token refused'}</span>;
  switch (at.state) {
    case 'live': return <span class="connection tone-green"><span class="pulse" aria-hidden="true" />Live</span>;
    case 'ended': return <span class="connection tone-calm"><Icon name="check" />Ended</span>;
    case 'connecting': return <span class="connection tone-calm"><Icon name="circle" ringed spins />Connecting</span>;
    case 'away': return (
      <span class="connection tone-red" role="status">
        <Icon name="warning" /><span title={at.trouble.text}>{at.trouble.status === 0 ? 'API away' : at.trouble.code}</span>
        <span class="quiet" aria-hidden="true">again in {duration(Math.max(0, at.at - now.value))}</span>
        <button type="button" class="small" onClick={reconnect}>Reconnect</button>
      </span>
    );
  }
}
