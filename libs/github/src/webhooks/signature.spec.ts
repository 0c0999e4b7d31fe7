import { describe, expect, it } from '@jest/globals';
import { Secret } from '@cascade/contracts';
import { SeededRandom } from '@cascade/testing';
import { isSignature, isSignedBy, signatureOf } from './signature.js';

const secrets = [new Secret('new secret'), new Secret('old secret')];
const body = Buffer.from('{"zen":"Ünïcode \\u00fc is signed as it came"}');
const good = signatureOf(body, secrets[0]!);

describe('the signature of a delivery', () => {
  it('is the one of GitHub\'s documentation', () => {
    expect(signatureOf('Hello, World!', new Secret("It's a Secret to Everybody"))).toBe('sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17');
  });

  it('counts with every active secret, and with no other', () => {
    for (const secret of secrets) expect(isSignedBy(secrets, body, signatureOf(body, secret))).toBe(true);
    for (const other of ['new secre', 'new secret ', '']) expect(isSignedBy(secrets, body, signatureOf(body, new Secret(other)))).toBe(false);
    expect(isSignedBy([], body, good)).toBe(false);
  });

  it('holds for the bytes, not for what they mean', () => {
    expect(isSignedBy(secrets, Buffer.from(JSON.stringify(JSON.parse(body.toString()))), good)).toBe(false);
    const notText = Buffer.from([0xff, 0xfe, 0x00]);
    expect(isSignedBy(secrets, notText, signatureOf(notText, secrets[0]!))).toBe(true);
    expect(isSignedBy(secrets, Buffer.from([0xff, 0xfd, 0x00]), signatureOf(notText, secrets[0]!))).toBe(false);
  });

  it.each([
    undefined, '', 'sha256=', good.slice(7), good.toUpperCase(), `${good} `, ` ${good}`, `${good}\n`, `${good}, ${good}`, `${good}00`, good.slice(0, -2),
    good.replace('sha256', 'sha1'), `sha1=${'a'.repeat(40)}`, good.replace('=', ':'), `sha256=${'g'.repeat(64)}`, `sha256=${'A'.repeat(64)}`,
  ])('is none when it is %j', (header) => {
    expect([isSignature(header), isSignedBy(secrets, body, header)]).toEqual([false, false]);
  });

  it('falls with any bit of body or signature', () => {
    const random = new SeededRandom(5);
    for (let round = 0; round < 500; round += 1) {
      const [changed, digest] = [Buffer.from(body), Buffer.from(good.slice(7), 'hex')];
      const target = random.chance(0.5) ? changed : digest;
      const at = random.below(target.length);
      target[at] = target[at]! ^ (1 << random.below(8));
      expect(isSignedBy(secrets, changed, `sha256=${digest.toString('hex')}`)).toBe(false);
    }
  });
});
