import { firstSandboxUid } from './limits.js';
import { publishFiles } from './shared-cache.js';

/** The sandbox's /etc: enough for programs that look up their own user or `localhost`, and nothing of the host's. */
export function sandboxEtc(): { readonly folder: string; readonly emptyFile: string } {
  const folder = publishFiles('etc', {
    passwd: `root:x:0:0:root:/root:/usr/sbin/nologin\nsandbox:x:${firstSandboxUid}:${firstSandboxUid}:sandbox:/tmp/home:/bin/sh\n`,
    group: `root:x:0:\nsandbox:x:${firstSandboxUid}:\n`,
    hosts: '127.0.0.1 localhost\n::1 localhost\n',
    'nsswitch.conf': 'hosts: files\n',
    'resolv.conf': '',
    // Mount points for the two things of the host's /etc that programs below /usr need to start.
    'ld.so.cache': '',
    'alternatives/.keep': '',
  });
  return { folder, emptyFile: `${folder}/resolv.conf` };
}
