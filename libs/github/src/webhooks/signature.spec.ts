import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@cascade/testing';
import { checkSignature, signatureOf } from './signature.js';

const secrets = ['new secret', 'old secret'];
const body = Buffer.from('{"zen":"Ünïcode \\u00fc is signed as it came"}');

describe('the signature of a delivery', () => {
  it('is the one of GitHub\'s documentation', () => {
    expect(signatureOf('Hello, World!', "It's a Secret to Everybody")).toBe('sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17');
  });

  it('counts with every active secret, and with no other', () => {
    for (const secret of secrets) expect(checkSignature(body, signatureOf(body, secret), secrets)).toBe('signed');
    expect(checkSignature(body, signatureOf(body, 'new secre'), secrets)).toBe('forged');
    expect(checkSignature(body, signatureOf(body, ''), secrets)).toBe('forged');
    expect(checkSignature(body, signatureOf(body, secrets[0]!), [])).toBe('forged');
  });

  it('holds for the bytes, not for what they mean', () => {
    const rewritten = Buffer.from(JSON.stringify(JSON.parse(body.toString())));
    expect(checkSignature(rewritten, signatureOf(body, secrets[0]!), secrets)).toBe('forged');
    const notText = Buffer.from([0xff, 0xfe, 0x00]);
    expect(checkSignature(notText, signatureOf(notText, secrets[0]!), secrets)).toBe('signed');
    expect(checkSignature(Buffer.from([0xff, 0xfd, 0x00]), signatureOf(notText, secrets[0]!), secrets)).toBe('forged');
  });

  const good = signatureOf(body, secrets[0]!);
  it.each([
    undefined, '', 'sha256=', good.slice(7), good.toUpperCase(), `${good} `, ` ${good}`, `${good}\n`, `${good}, ${good}`, `${good}00`, good.slice(0, -2),
    good.replace('sha256', 'sha1'), `sha1=${'a'.repeat(40)}`, good.replace('=', ':'), `sha256=${'g'.repeat(64)}`, `sha256=${good.slice(7).toUpperCase().replace(/\d/g, 'A')}`,
  ])('is none when it is %j', (header) => {
    expect(checkSignature(body, header, secrets)).toBe('unsigned');
  });

  it('falls with any bit of body or signature', () => {
    const random = new SeededRandom(5);
    for (let round = 0; round < 500; round += 1) {
      const [changed, digest] = [Buffer.from(body), Buffer.from(good.slice(7), 'hex')];
      const target = random.chance(0.5) ? changed : digest;
      const at = random.below(target.length);
      target[at] = target[at]! ^ (1 << random.below(8));
      expect(checkSignature(changed, `sha256=${digest.toString('hex')}`, secrets)).toBe('forged');
    }
  });
});
