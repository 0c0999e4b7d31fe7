import { describe, expect, it } from '@jest/globals';
import { parseSource, repositoryIdOf } from './repository-source.js';

const id = async (address: string): Promise<string> => repositoryIdOf(await parseSource(address));

describe('parseSource', () => {
  it('reads remote addresses', async () => {
    expect(await parseSource('https://github.com/me/My_Shop.git')).toMatchObject({ kind: 'remote', name: 'My_Shop', url: 'https://github.com/me/My_Shop.git', host: 'github.com', transport: 'https' });
    expect(await parseSource('git@github.com:me/shop.git')).toMatchObject({ kind: 'remote', name: 'shop', url: 'ssh://git@github.com/me/shop.git', transport: 'ssh' });
    expect(await parseSource('ssh://git@host.example:2222/~me/shop')).toMatchObject({ url: 'ssh://git@host.example:2222/~me/shop' });
  });

  it('gives one identity to every way of writing a place, and others to other places', async () => {
    expect(await id('https://GitHub.com/me/shop')).toBe(await id('https://github.com/me/shop.git/'));
    expect(await id('git@github.com:me/shop.git')).toBe(await id('ssh://git@github.com/me/shop'));
    const ids = await Promise.all(['https://github.com/me/shop', 'https://github.com/you/shop', 'https://gitlab.com/me/shop', 'https://github.com:444/me/shop'].map(id));
    expect(new Set(ids).size).toBe(4);
    for (const one of ids) expect(one).toMatch(/^shop-[0-9a-f]{16}$/);
  });

  it('gives an identity to names that are no identifiers', async () => {
    expect(await id('https://example.org/me/---.git')).toMatch(/^repository-[0-9a-f]{16}$/);
    expect(await id(`https://example.org/me/${'x'.repeat(200)}`)).toMatch(/^[a-z0-9][a-z0-9-]{0,80}$/);
  });

  it.each([
    'http://example.org/x', 'git://example.org/x', 'ftp://example.org/x', 'ext::sh -c x', 'https://', 'https://example.org', 'https://example.org/x?y', 'https://example.org/x#y',
    'ssh://-x@example.org/y', 'ssh://-example.org/y', 'https://exa mple.org/x', '-x', '', 'a\u0000b', 'https://example.org/-x', 'file://other-host/x',
  ])('refuses %p', async (address) => {
    await expect(parseSource(address)).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_REPOSITORY_UNSUPPORTED' });
  });

  it.each(['https://me@example.org/x', 'https://me:secret@example.org/x', 'ssh://git:secret@example.org/x'])('refuses the credentials in %p', async (address) => {
    await expect(parseSource(address)).rejects.toMatchObject({ code: 'CASC_REPOSITORY_HAS_CREDENTIALS', message: expect.not.stringContaining('secret') });
  });
});
