import { afterEach, expect, test } from 'vitest';
import { Guest } from '../care/guest';
import { givenBy } from '../care/link';
import { LinkService, question } from '../care/service.fake';
import { PageShelf } from '../session/keep';
import { Frame, hostOrigin, type Wishes } from './frame';
import { FRAME_TYPES, messageOf, type Message } from './protocol';

const HOST = 'https://crm.example';
let open: { frame: Frame; guest: Guest }[] = [];
afterEach(() => {
  for (const { frame, guest } of open) {
    frame.close();
    guest.close();
  }
  open = [];
});

async function framed(service: LinkService) {
  const told: Message[] = [];
  const wishes: Wishes[] = [];
  const parent = {
    postMessage: (message: unknown, origin: string) => {
      expect(origin).toBe(HOST);
      told.push(messageOf(message, FRAME_TYPES)!);
    },
  } as unknown as Window;
  const guest = new Guest({
    given: givenBy('#t=pe_1'), language: 'fr', fetch: service.fetch,
    shelves: { lasting: new PageShelf(), tab: new PageShelf() },
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  });
  const frame = new Frame(window, parent, HOST, guest, (wish) => wishes.push(wish));
  open.push({ frame, guest });
  await guest.open();
  const say = (parts: object, origin = HOST): void => {
    window.dispatchEvent(new MessageEvent('message', { data: { v: 1, id: 'h1', ...parts }, origin, source: parent }));
  };
  const types = (): string[] => told.map(({ type }) => type);
  return { told, wishes, guest, frame, say, types, last: (type: string) => told.filter((one) => one.type === type).at(-1) };
}

test('the host hears that the page is ready, each step, and the outcome', async () => {
  const service = new LinkService([[question('order')], [question('pin', { sensitive: true })]]);
  const { guest, told, types } = await framed(service);
  await guest.walk?.send({ type: 'answer', values: { order: 'F-1' } });
  await guest.walk?.send({ type: 'answer', values: { pin: '1234' } });
  expect(types()).toEqual(['ready', 'step', 'step', 'outcome']);
  expect(told[0]).toMatchObject({ protocol: 'journey-embed/1' });
  expect(told[1]).toMatchObject({ session: 'ses_1', node: 's0', title: 'Étape 0' });
  expect(told[3]).toMatchObject({ outcome: 'resolved', codes: { qualification: ['avarie'] }, fields: { order: 'F-1' } });
  expect(JSON.stringify(told)).not.toContain('1234');
});

test('an action under way is told when it begins and when it is over', async () => {
  const service = new LinkService([[question('order')]]);
  Object.assign(service, { status: 'pending', pending: { effect: 'e', operation: 'oms.get', visit: 1 } });
  const { told, types } = await framed(service);
  Object.assign(service, { status: 'active', pending: null, version: 2 });
  await expect.poll(() => types().filter((type) => type === 'action')).toHaveLength(2);
  expect(told.filter(({ type }) => type === 'action')).toMatchObject([
    { operation: 'oms.get', status: 'requested' },
    { operation: 'oms.get', status: 'settled' },
  ]);
});

test('a link that opens nothing is told once', async () => {
  const service = new LinkService([]);
  service.failures = [{ status: 401, code: 'link.expired' }];
  const { last, types } = await framed(service);
  expect(last('error')).toMatchObject({ code: 'link.expired' });
  expect(types()).toEqual(['ready', 'error']);
});

test('a host says how to look, and never who somebody is', async () => {
  const service = new LinkService([[question('order')]]);
  const { say, wishes, guest } = await framed(service);
  say({ type: 'context', language: 'en', theme: 'dark', reply: true, actor: 'supervisor:eve', token: 'pe_2', customer: 'x' });
  expect(wishes).toEqual([{ reply: true, theme: 'dark' }]);
  expect(guest.state.language).toBe('en');
  await expect.poll(() => service.seen.length).toBe(3);
  expect(service.seen.every(({ bearer }) => bearer === 'Bearer pe_1')).toBe(true);
  say({ type: 'context', theme: 'url(evil)', language: 42 });
  expect(wishes.at(-1)).toEqual({ reply: true, theme: 'dark' });
});

test('a host brings answers, looks back, and puts the session down', async () => {
  const service = new LinkService([[question('order')]]);
  const { say } = await framed(service);
  say({ type: 'set_variables', values: { order: 'F-1' } });
  await expect.poll(() => service.commands).toEqual([{ type: 'provide', values: { order: 'F-1' } }]);
  say({ type: 'navigate', visit: 1 });
  await expect.poll(() => service.commands.at(-1)).toEqual({ type: 'back', visit: 1 });
  say({ type: 'end' });
  await expect.poll(() => service.commands.at(-1)).toEqual({ type: 'pause' });
});

test('what a host may not ask now is told with the message it answers', async () => {
  const service = new LinkService([]);
  const { say, last } = await framed(service);
  say({ type: 'set_variables', values: ['evil'], id: 'h7' });
  expect(last('error')).toMatchObject({ re: 'h7', code: 'embed.not-now' });
  say({ type: 'navigate', visit: 'evil', id: 'h8' });
  expect(last('error')).toMatchObject({ re: 'h8' });
});

test('other pages and unknown words are not heard', async () => {
  const service = new LinkService([[question('order')]]);
  const { say, types } = await framed(service);
  say({ type: 'end' }, 'https://evil.example');
  say({ type: 'become', actor: 'admin' });
  expect(types()).toEqual(['ready', 'step']);
  expect(service.commands).toEqual([]);
});

test('the height is told when it changes', async () => {
  const { frame, types } = await framed(new LinkService([[question('order')]]));
  frame.resize(200);
  frame.resize(200);
  frame.resize(0);
  frame.resize(300);
  expect(types().filter((type) => type === 'resize')).toHaveLength(2);
});

test.each([
  [{ ancestorOrigins: [HOST], referrer: 'https://other.example/x', fragment: '#origin=https://evil.example' }, HOST],
  [{ ancestorOrigins: ['null'], referrer: 'https://crm.example/x', fragment: '' }, null],
  [{ referrer: 'https://crm.example/page?x', fragment: '#t=1' }, HOST],
  [{ referrer: '', fragment: '#origin=https%3A%2F%2Fcrm.example' }, HOST],
  [{ referrer: '', fragment: '#origin=*' }, null],
])('around %o stands %s', (place, origin) => {
  expect(hostOrigin(place)).toBe(origin);
});
