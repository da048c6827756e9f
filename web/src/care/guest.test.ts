import { expect, test } from 'vitest';
import { PageShelf } from '../session/keep';
import { Guest, type GuestOptions } from './guest';
import { givenBy, standIn } from './link';
import { LinkService, question } from './service.fake';

const shelves = () => ({ lasting: new PageShelf(), tab: new PageShelf() });
const guestOf = (service: LinkService, more: Partial<GuestOptions> = {}): Guest =>
  new Guest({
    given: givenBy('#t=pe_1'),
    language: 'en',
    fetch: service.fetch,
    shelves: shelves(),
    pause: () => Promise.resolve(),
    ...more,
  });

test('a link’s address gives its token, and what it opens', () => {
  expect(givenBy('#t=pe_1&journey=j&lang=fr')).toEqual({ token: 'pe_1', journey: 'j', session: null, language: 'fr' });
  expect(givenBy('')).toEqual({ token: null, journey: null, session: null, language: null });
});

test('a link begins its session once, in its language, with its token and no cookie', async () => {
  const service = new LinkService([[question('a')]]);
  const guest = guestOf(service);
  await guest.open();
  expect(guest.state.language).toBe('fr');
  expect(guest.state.walk?.view?.step?.id).toBe('s0');
  expect(service.seen.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/link', 'POST /v1/sessions']);
  expect(service.seen.every(({ bearer }) => bearer === 'Bearer pe_1')).toBe(true);
  expect(service.seen[1]?.body).toEqual({ journey: 'j', channel: 'web', language: 'fr' });
});

test('after a reload the same session goes on, and what was typed is there', async () => {
  const service = new LinkService([[question('a')]]);
  const kept = shelves();
  const guest = guestOf(service, { shelves: kept });
  await guest.open();
  guest.walk?.draft(service.steps[0]![0]!, 'bonj');
  guest.close();
  const again = guestOf(service, { shelves: kept });
  await again.open();
  expect(service.seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
  expect(again.walk?.typed(again.state.walk!.view!)).toEqual({ a: 'bonj' });
});

test('a beginning whose answer was lost is sent again with its key and its words', async () => {
  const service = new LinkService([[question('a')]]);
  const kept = shelves();
  service.failures = ['none', 'lost'];
  const guest = guestOf(service, { shelves: kept });
  await guest.open();
  const starts = service.seen.filter(({ path }) => path === '/v1/sessions');
  expect(starts.map(({ key }) => key)).toEqual([starts[0]!.key, starts[0]!.key]);
  expect(guest.state.walk?.view).not.toBeNull();
});

test('nothing of the token is kept in the browser', async () => {
  const service = new LinkService([[question('a')]]);
  const kept = shelves();
  const guest = guestOf(service, { shelves: kept, given: givenBy('#t=pe_secret') });
  await guest.open();
  guest.walk?.draft(service.steps[0]![0]!, 'x');
  const names = Array.from({ length: kept.lasting.length }, (_, at) => kept.lasting.key(at)!);
  expect(names.length).toBeGreaterThan(0);
  expect(JSON.stringify(names.map((name) => [name, kept.lasting.getItem(name)]))).not.toContain('pe_secret');
  expect(await standIn('pe_secret')).toMatch(/^[0-9a-f]{24}$/);
});

test.each([
  [{ status: 401, code: 'link.expired' }, 'expired'],
  [{ status: 401, code: 'link.unknown' }, 'unknown'],
  [{ status: 404, code: 'not-found' }, 'unknown'],
  [{ status: 403, code: 'access.origin' }, 'elsewhere'],
  [{ status: 422, code: 'journey.unknown' }, 'refused'],
])('%o is told as a link that is %s, and asked again when one wants to', async (failure, barrier) => {
  const service = new LinkService([[question('a')]]);
  service.failures = [failure];
  const guest = guestOf(service);
  await guest.open();
  expect(guest.state.barrier).toBe(barrier);
  expect(guest.state.said).toContain(failure.code);
  guest.wake();
  await expect.poll(() => guest.state.walk?.view?.session).toBe('ses_1');
  expect(guest.state.barrier).toBeNull();
});

test('a link without its token opens nothing, and asks nobody', async () => {
  const service = new LinkService([]);
  const guest = guestOf(service, { given: givenBy('#') });
  await guest.open();
  expect(guest.state.barrier).toBe('cut');
  expect(service.seen).toEqual([]);
});

test('a token nobody could have made is an unknown link, and no lost connection', async () => {
  const service = new LinkService([]);
  const guest = guestOf(service, { given: givenBy('#t=pe_\u2026') });
  await guest.open();
  expect([guest.state.barrier, guest.state.isAway, service.seen]).toEqual(['unknown', false, []]);
});

test('a service that cannot be reached is told, and tried until it answers', async () => {
  const service = new LinkService([[question('a')]]);
  service.failures = ['lost', 503, 'lost'];
  const away: boolean[] = [];
  const guest = guestOf(service);
  guest.subscribe(({ isAway }) => away.push(isAway));
  await guest.open();
  expect(away).toContain(true);
  expect(guest.state.isAway).toBe(false);
  expect(guest.state.walk?.view?.session).toBe('ses_1');
});

test('a link that expires on the way is told, and the answers stay kept', async () => {
  const service = new LinkService([[question('a')]]);
  const guest = guestOf(service);
  await guest.open();
  service.failures = [{ status: 401, code: 'link.expired' }];
  void guest.walk?.send({ type: 'answer', values: { a: 'x' } });
  await expect.poll(() => guest.state.barrier).toBe('expired');
  expect(guest.state.walk?.queue).toHaveLength(1);
});

test('what is under way is looked at until it is the customer’s turn', async () => {
  const service = new LinkService([[question('a')]]);
  service.status = 'pending';
  service.pending = { effect: 'e', operation: 'oms.get', visit: 1 };
  let looks = 0;
  const guest = guestOf(service, {
    pause: () => {
      looks += 1;
      if (looks === 3) Object.assign(service, { status: 'active', pending: null, version: 2 });
      return Promise.resolve();
    },
  });
  await guest.open();
  await expect.poll(() => guest.state.walk?.view?.status).toBe('active');
  expect(looks).toBe(3);
  guest.close();
});
