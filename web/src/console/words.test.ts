import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { Client } from '../api/client';
import { Drafts } from '../session/drafts';
import { Keep, PageShelf } from '../session/keep';
import { Service, contact, findings, problem, user, viewOf } from './console.fake';
import { type Kept, Words } from './words.svelte';

afterEach(cleanup);

/** What keeps wrap-ups: one session's, a version at a time, as the service does. */
class Shelf {
  kept: Kept = { summary: null, next: null, version: 0, at: null, by: null };
  isUp = true;
  puts: Record<string, unknown>[] = [];

  answer(method: string, body: Record<string, unknown> | null, by = 'advisor:ana'): Response {
    if (!this.isUp) throw new TypeError('Failed to fetch');
    if (method === 'PUT' && body !== null) {
      this.puts.push(body);
      if (body['version'] !== this.kept.version) return problem(409, 'wrap-up.changed');
      this.kept = { ...this.kept, ...body, version: this.kept.version + 1, at: Date.now(), by } as Kept;
    }
    return new Response(JSON.stringify(this.kept), { status: 200 });
  }
}

function page(shelf: Shelf, lasting = new PageShelf()): Words {
  const keep = new Keep('ana', lasting, new PageShelf());
  const answer = (method: string, body: unknown): Promise<Response> => {
    try {
      return Promise.resolve(shelf.answer(method, typeof body === 'string' ? (JSON.parse(body) as Record<string, unknown>) : null));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  };
  const client = new Client({ fetch: (_, init) => answer(init?.method ?? 'GET', init?.body), language: () => 'fr' });
  return new Words(client, new Drafts(keep, 'ses_1'));
}

test('what is typed is kept after a pause, and another page reads it', async () => {
  vi.useFakeTimers();
  const shelf = new Shelf();
  const words = page(shelf);
  await words.load();
  words.write('summary', 'Chez le vois');
  words.write('summary', 'Chez le voisin');
  expect(shelf.puts).toEqual([]);

  await vi.advanceTimersByTimeAsync(1_000);
  vi.useRealTimers();

  expect(shelf.puts).toEqual([{ version: 0, summary: 'Chez le voisin', next: null }]);
  expect(words.state).toBe('calm');
  const other = page(shelf);
  await other.load();
  expect([other.text('summary'), other.text('next')]).toEqual(['Chez le voisin', null]);
});

test('a page that closes without the network loses nothing: the next one sends it', async () => {
  const [shelf, lasting] = [new Shelf(), new PageShelf()];
  const words = page(shelf, lasting);
  await words.load();
  shelf.isUp = false;
  words.write('next', 'Rappeler lundi');
  await words.save();
  expect(words.state).toBe('waiting');
  words.close();

  shelf.isUp = true;
  const again = page(shelf, lasting);
  expect(again.text('next')).toBe('Rappeler lundi');
  await again.load();

  expect(shelf.kept).toMatchObject({ next: 'Rappeler lundi', version: 1 });
});

test('what waited for the network does not write over what somebody wrote since: one is shown theirs', async () => {
  const [shelf, lasting] = [new Shelf(), new PageShelf()];
  const words = page(shelf, lasting);
  await words.load();
  shelf.isUp = false;
  words.write('summary', 'À moi');
  await words.save();
  words.close();
  shelf.isUp = true;
  shelf.kept = { summary: 'À lui', next: null, version: 1, at: 1, by: 'advisor:bruno' };

  const again = page(shelf, lasting);
  await again.load();

  expect([again.state, again.text('summary'), shelf.kept.summary]).toEqual(['changed', 'À moi', 'À lui']);
});

test('an answer lost on its way back is no change of somebody else’s', async () => {
  const shelf = new Shelf();
  const words = page(shelf);
  await words.load();
  words.write('summary', 'Deux fois');
  shelf.kept = { summary: 'Deux fois', next: null, version: 1, at: 1, by: 'advisor:ana' };

  await words.save();

  expect([words.state, shelf.puts.length]).toEqual(['calm', 1]);
});

test('what is typed while the rest is on its way goes with the next, not against it', async () => {
  const shelf = new Shelf();
  const words = page(shelf);
  await words.load();
  words.write('summary', 'a');
  const first = words.save();
  words.write('summary', 'ab');
  await Promise.all([first, words.save()]);

  await expect.poll(() => shelf.kept).toMatchObject({ summary: 'ab', version: 2 });
  await expect.poll(() => words.state).toBe('calm');
  words.close();
});

test.each([
  ['mine', 'À moi', 3],
  ['theirs', 'À lui', 2],
] as const)('two who write meet: one is shown what the other wrote, and keeps %s', async (whose, text, version) => {
  const shelf = new Shelf();
  const words = page(shelf);
  await words.load();
  shelf.kept = { summary: 'À lui', next: null, version: 2, at: 1, by: 'advisor:bruno' };
  words.write('summary', 'À moi');
  await words.save();
  expect(words.state).toBe('changed');
  expect(words.text('summary')).toBe('À moi');

  await words.settle(whose);

  expect(words.text('summary')).toBe(text);
  expect(shelf.kept).toMatchObject({ summary: text, version });
});

test('a page that is loaded again while half of it was on its way sends the rest, and asks nothing', async () => {
  const [shelf, lasting] = [new Shelf(), new PageShelf()];
  const words = page(shelf, lasting);
  await words.load();
  words.write('summary', 'Claire attend lundi.');
  words.write('next', 'La rappeler.');
  words.close();
  // What the service took of it before the page was gone, which never heard so.
  shelf.kept = { summary: 'Claire attend lundi.', next: null, version: 1, at: 1, by: 'advisor:ana' };

  const again = page(shelf, lasting);
  await again.load();

  expect(again.state).toBe('calm');
  expect(shelf.kept).toMatchObject({ summary: 'Claire attend lundi.', next: 'La rappeler.', version: 2 });
});

test('what is written in the wrap-up is kept, shown as kept, copied as written, and may be taken back', async () => {
  const shelf = new Shelf();
  const service = new Service();
  service.view = viewOf(service.session, { status: 'ended', outcome: 'resolved', step: null, commands: ['note', 'promise'] });
  service.on(/\/wrap-up$/, ({ method, body }) => shelf.answer(method, body));
  await contact(service);
  const following = screen.getByLabelText<HTMLTextAreaElement>('Suite');
  await expect.poll(() => following.value).toBe('Rien à faire.');

  await user.clear(following);
  await user.type(following, 'Rappeler lundi');
  await user.tab();

  await expect.poll(() => shelf.kept.next).toBe('Rappeler lundi');
  expect(screen.getByLabelText<HTMLTextAreaElement>('Résumé').value).toContain('Suite : Rappeler lundi');
  expect((await screen.findByText(/Enregistré par Ana Martin/)).getAttribute('role')).toBe('status');
  expect(await findings()).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Revenir au texte du parcours' }));
  await expect.poll(() => following.value).toBe('Rien à faire.');
});

test('a colleague’s change is told beside what one wrote', async () => {
  const shelf = new Shelf();
  const service = new Service();
  service.view = viewOf(service.session, { status: 'ended', outcome: 'resolved', step: null });
  service.on(/\/wrap-up$/, ({ method, body }) => shelf.answer(method, body));
  await contact(service);
  const summary = screen.getByLabelText<HTMLTextAreaElement>('Résumé');
  await expect.poll(() => summary.value).not.toBe('');
  shelf.kept = { summary: 'Vu avec le client.', next: null, version: 1, at: 1, by: 'advisor:bruno' };

  await user.type(summary, ' Content.');
  await user.tab();

  const alert = (await screen.findByText(/bruno a écrit autre chose/)).closest<HTMLElement>('[role=alert]')!;
  expect(alert.textContent).toContain('Vu avec le client.');
  await user.click(within(alert).getByRole('button', { name: 'Prendre la sienne' }));
  await expect.poll(() => summary.value).toBe('Vu avec le client.');
});
