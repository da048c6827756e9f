// @vitest-environment node
import { beforeEach, expect, test } from 'vitest';
import { Problem } from '../api/problems';
import { Keep, PageShelf } from './keep';
import { FakeService, field } from './service.fake';
import { Walk } from './walk';

let lasting: PageShelf;
let tab: PageShelf;
let service: FakeService;
const waits: number[] = [];

function open(actor = 'advisor:ana'): Walk {
  return new Walk({
    session: 'ses_1',
    client: service.client,
    keep: new Keep(actor, lasting, tab),
    actor,
    language: () => 'en',
    isLive: false,
    chance: () => 1,
    pause: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  });
}

async function opened(): Promise<Walk> {
  const walk = open();
  await walk.open();
  return walk;
}

beforeEach(() => {
  lasting = new PageShelf();
  tab = new PageShelf();
  waits.length = 0;
  service = new FakeService([field('a')], [field('b')], [field('c')]);
});

test('an answer is sent once, with the version shown, and the next question comes back', async () => {
  const walk = await opened();

  const settled = await walk.send({ type: 'answer', values: { a: 'x' } });

  expect(settled).toBe('done');
  expect(service.answers).toEqual([{ a: 'x' }]);
  expect(service.commands[0]?.version).toBe('"1"');
  expect(walk.state.view?.step?.title).toBe('Step 1');
  expect(walk.state.queue).toEqual([]);
  expect(walk.state.link).toBe('calm');
});

test('an answer whose receipt was lost is sent again with its key, and counts once', async () => {
  const walk = await opened();
  service.failures = ['lost-answer'];

  await walk.send({ type: 'answer', values: { a: 'x' } });

  const [first, second] = service.commands;
  expect(service.commands).toHaveLength(2);
  expect(second?.key).toBe(first?.key);
  expect(service.answers).toEqual([{ a: 'x' }]);
});

test('two intentions have two keys, even when they say the same', async () => {
  const walk = await opened();

  await walk.send({ type: 'note', text: 'same' });
  await walk.send({ type: 'note', text: 'same' });

  expect(new Set(service.commands.map((request) => request.key)).size).toBe(2);
  expect(service.notes).toEqual(['same', 'same']);
});

test('a busy service is asked again, each time after longer, never for longer than eight seconds', async () => {
  const walk = await opened();
  service.failures = [503, 503, 500, 'lost-request', 503, 503, 503];

  await walk.send({ type: 'answer', values: { a: 'x' } });

  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
  expect(service.answers).toEqual([{ a: 'x' }]);
});

test('what waits while the network is away outlives a refresh, with its key', async () => {
  const walk = await opened();
  service.failures = ['lost-request', 'lost-request'];
  const stuck = new Walk({
    session: 'ses_1', client: service.client, keep: new Keep('advisor:ana', lasting, tab),
    actor: 'advisor:ana', language: () => 'en', isLive: false, pause: () => new Promise(() => undefined),
  });
  walk.close();
  service.failures = [];
  await stuck.open();
  service.failures = ['lost-request'];
  void stuck.send({ type: 'answer', values: { a: 'typed offline' } });
  await until(() => stuck.state.link === 'waiting');
  const key = stuck.state.queue[0]?.key;
  stuck.close();

  const next = await opened();
  await until(() => next.state.queue.length === 0);

  expect(service.answers).toEqual([{ a: 'typed offline' }]);
  expect(service.commands.at(-1)?.key).toBe(key);
});

test('notes typed offline leave in the order they were written', async () => {
  const walk = await opened();
  service.failures = ['lost-request', 'lost-request'];

  const all = ['one', 'two', 'three'].map((text) => walk.send({ type: 'note', text }));
  await Promise.all(all);

  expect(service.notes).toEqual(['one', 'two', 'three']);
});

test('only one command that moves the walk is on its way', async () => {
  const walk = await opened();
  expect(walk.canMove).toBe(true);

  const sent = walk.send({ type: 'answer', values: { a: 'x' } });

  expect(walk.canMove).toBe(false);
  await sent;
  expect(walk.canMove).toBe(true);
});

test("a colleague's move is shown, and what was typed may still be sent for later", async () => {
  const walk = await opened();
  service.colleagueAnswers();

  const settled = await walk.send({ type: 'answer', values: { a: 'mine' } });

  expect(settled).toBe('moved');
  expect(walk.state.view?.step?.title).toBe('Step 1');
  expect(walk.state.moved).toMatchObject({ by: 'advisor:bruno', values: { a: 'mine' }, way: 'provide' });
  expect(service.answers).toEqual([]);

  await walk.reconcile('send');

  expect(service.answers).toEqual([{ provided: { a: 'mine' } }]);
  expect(walk.state.moved).toBeNull();
});

test('when the new step asks the same, what was typed is offered as its answer', async () => {
  service = new FakeService([field('a')], [field('a')]);
  const walk = await opened();
  service.colleagueAnswers();

  await walk.send({ type: 'answer', values: { a: 'mine' } });
  expect(walk.state.moved?.way).toBe('answer');
  await walk.reconcile('send');

  expect(service.answers).toEqual([{ a: 'mine' }]);
});

test('what is let go after a move is forgotten', async () => {
  const walk = await opened();
  walk.draft(field('a'), 'mine');
  service.colleagueAnswers();
  await walk.send({ type: 'answer', values: { a: 'mine' } });

  await walk.reconcile('drop');

  expect(walk.state.moved).toBeNull();
  expect(service.answers).toEqual([]);
  expect(lasting.length).toBe(0);
});

test('a change beside the question takes nothing from the answer: it is sent again by itself', async () => {
  const walk = await opened();
  service.colleagueOffersAnAnswer();

  const settled = await walk.send({ type: 'answer', values: { a: 'x' } });

  expect(settled).toBe('done');
  expect(service.commands.map((request) => request.version)).toEqual(['"1"', '"2"']);
  expect(walk.state.moved).toBeNull();
});

test("a colleague's move while something is being typed keeps what was typed", async () => {
  const walk = await opened();
  walk.draft(field('a'), 'half a wo');
  service.colleagueAnswers();

  await walk.look();

  expect(walk.state.moved).toMatchObject({ values: { a: 'half a wo' }, way: 'provide', by: 'advisor:bruno' });
});

test("a colleague's move while nothing is typed is simply shown", async () => {
  const walk = await opened();
  service.colleagueAnswers();

  await walk.look();

  expect(walk.state.view?.step?.title).toBe('Step 1');
  expect(walk.state.moved).toBeNull();
});

test('an expired sign-in keeps the answer and sends it, with its key, once signed in again', async () => {
  const walk = await opened();
  service.failures = ['signed-out'];
  void walk.send({ type: 'answer', values: { a: 'x' } });
  await until(() => walk.state.isSignedOut);
  const [first] = service.commands;
  expect(service.answers).toEqual([]);

  walk.wake();
  await until(() => walk.state.queue.length === 0);

  expect(service.answers).toEqual([{ a: 'x' }]);
  expect(service.commands.at(-1)?.key).toBe(first?.key);
});

test('what one reader left on its way is never sent by the next one on the same machine', async () => {
  const walk = await opened();
  service.failures = ['signed-out'];
  void walk.send({ type: 'answer', values: { a: 'by Ana' } });
  await until(() => walk.state.isSignedOut);
  walk.close();

  const other = open('advisor:bruno');
  await other.open();

  expect(other.state.queue).toEqual([]);
  expect(service.answers).toEqual([]);
});

test('a refused answer says why at its field, and what was typed stays', async () => {
  const walk = await opened();
  walk.draft(field('a'), 'wrong');
  service.failures = [422];

  const settled = await walk.send({ type: 'answer', values: { a: 'wrong' } });

  expect(settled).toBe('refused');
  expect(walk.state.refused?.problem.errors['a']?.message).toBe('No.');
  expect(walk.state.view && walk.typed(walk.state.view)).toEqual({ a: 'wrong' });
  expect(walk.canMove).toBe(true);
});

test('each keystroke is kept: a page opened anew shows what was typed', async () => {
  const walk = await opened();
  walk.draft(field('a'), 'h');
  walk.draft(field('a'), 'ha');
  walk.close();

  const next = await opened();

  expect(next.state.view && next.typed(next.state.view)).toEqual({ a: 'ha' });
});

test('what is sensitive never outlives the tab', async () => {
  service = new FakeService([field('iban', { sensitive: true })]);
  const walk = await opened();
  walk.draft(field('iban', { sensitive: true }), 'FR76');
  service.failures = ['signed-out'];
  void walk.send({ type: 'answer', values: { iban: 'FR76' } });
  await until(() => walk.state.isSignedOut);

  expect(lasting.length).toBe(0);
  expect(tab.length).toBe(2);
});

test('an answer that was taken is no longer kept as a draft', async () => {
  const walk = await opened();
  walk.draft(field('a'), 'x');

  await walk.send({ type: 'answer', values: { a: 'x' } });

  expect(lasting.length).toBe(0);
});

test('who asks for the session while it is being read waits for the same answer', async () => {
  const walk = open();

  await Promise.all([walk.open(), walk.look()]);

  expect(walk.state.view?.version).toBe(1);
  expect(service.requests).toHaveLength(1);
});

test('a session that is not there says so', async () => {
  const walk = new Walk({
    session: 'ses_1', actor: 'advisor:ana', language: () => 'en', isLive: false,
    keep: new Keep('advisor:ana', lasting, tab),
    client: new FakeServiceWithout().client,
  });

  await walk.open();

  expect(walk.state.fault?.code).toBe('not-found');
});

class FakeServiceWithout extends FakeService {
  override view(): never {
    throw new Error('unused');
  }

  override get client(): FakeService['client'] {
    const client = new FakeService().client;
    client.ask = () => Promise.reject(new Problem(404, 'not-found', 'There is no such thing.', ''));
    client.get = client.ask as typeof client.get;
    return client;
  }
}

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    if (isSo()) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  throw new Error('it never came to that');
}
