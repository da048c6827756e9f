/** What every test of a page needs and jsdom's own page has not: digests, those of Node. */
import { webcrypto } from 'node:crypto';

if (crypto.subtle === undefined) {
  Object.defineProperty(crypto, 'subtle', { value: webcrypto.subtle });
}
