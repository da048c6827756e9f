/**
 * A real identity provider on loopback: `node provider.js '{"port": …, "redirect_uri": …}'`.
 *
 * Its people sign in by their name with any password. It says `ready` once it listens.
 */
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const { port, redirect_uri: redirectUri } = JSON.parse(process.argv[2]);

const people = {
  ana: { name: 'Ana Martin', locale: 'fr-FR', roles: ['staff', 'advisor'], shop: 'shop' },
  diane: { name: 'Diane Moreau', locale: 'en', roles: ['advisor', 'supervisor'], shop: 'rival' },
  guest: { name: 'Guest', roles: ['visitor'], shop: 'shop' },
};

const made = [
  ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['EdDSA', generateKeyPairSync('ed25519')],
];
const keys = made.map(([alg, { privateKey }]) => ({
  ...privateKey.export({ format: 'jwk' }),
  alg,
  kid: alg,
  use: 'sig',
}));

const client = (id, alg, method) => ({
  client_id: id,
  ...(method === 'none' ? {} : { client_secret: 'made up: for tests' }),
  redirect_uris: [redirectUri],
  grant_types: ['authorization_code'],
  response_types: ['code'],
  id_token_signed_response_alg: alg,
  token_endpoint_auth_method: method,
});

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    client('console', 'RS256', 'client_secret_basic'),
    client('console-es', 'ES256', 'client_secret_basic'),
    client('console-ed', 'EdDSA', 'none'),
  ],
  claims: { openid: ['sub'], profile: ['name', 'locale', 'roles', 'shop'] },
  cookies: { keys: ['made up: for tests'] },
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
  findAccount: (_, id) =>
    people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  jwks: { keys },
  pkce: { required: () => true },
});

const server = provider.listen(port, '127.0.0.1', () => console.log('ready'));
// Its other end is the test's: when that goes, so does this.
process.stdin.on('end', () => server.close(() => process.exit(0))).resume();
