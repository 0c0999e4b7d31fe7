import { describe, expect, it } from '@jest/globals';
import { addressOfRepository, repositoryAtAddress, repositoryNamed } from './repository-address.js';

describe('the repository that an address means', () => {
  it.each([
    'https://github.com/acme/shop', 'https://github.com/acme/shop.git', 'https://GitHub.com/acme/shop/', 'git@github.com:acme/shop.git',
    'ssh://git@github.com/acme/shop.git', 'ssh://git@github.com:22/acme/shop', ' https://github.com/acme/shop ',
  ])('is the same for %s', (address) => {
    expect(repositoryAtAddress(address, 'github.com')).toEqual({ owner: 'acme', name: 'shop' });
  });

  it.each([
    '/srv/shop', 'file:///srv/shop', 'https://gitlab.com/acme/shop', 'https://github.com/acme', 'https://github.com/acme/shop/tree/main',
    'https://github.com.evil.example/acme/shop', 'https://github.com/../shop', '', 'acme/shop',
  ])('is none for %s', (address) => {
    expect(repositoryAtAddress(address, 'github.com')).toBeUndefined();
  });

  it('knows a GitHub by its port, and is found by its own address again', () => {
    expect(repositoryAtAddress('http://127.0.0.1:8080/acme/shop.git', '127.0.0.1:8080')).toEqual({ owner: 'acme', name: 'shop' });
    expect(repositoryAtAddress('http://127.0.0.1:8081/acme/shop.git', '127.0.0.1:8080')).toBeUndefined();
    expect(repositoryAtAddress(addressOfRepository({ owner: 'acme', name: 'shop' }, 'https://github.com'), 'github.com')).toEqual({ owner: 'acme', name: 'shop' });
    expect(repositoryNamed('acme/shop/x')).toBeUndefined();
  });
});
