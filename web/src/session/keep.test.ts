// @vitest-environment node
import { expect, test } from 'vitest';
import { Drafts } from './drafts';
import { Keep, PageShelf } from './keep';
import { Outbox } from './outbox';

test('each reader finds their own things and no others', () => {
  const [lasting, tab] = [new PageShelf(), new PageShelf()];
  const ana = new Keep('ana', lasting, tab);
  const bruno = new Keep('bruno', lasting, tab);
  ana.write('x', 1);

  expect(bruno.read('x')).toBeNull();
  ana.clear();
  expect(lasting.length).toBe(0);
});

test('an answer that one page was given is not brought back by another that reads late', () => {
  const [lasting, tab] = [new PageShelf(), new PageShelf()];
  const meant = { version: 1, place: '1', sensitive: false, at: 1, fields: [] };
  const [here, there] = [new Outbox(new Keep('ana', lasting, tab), 's'), new Outbox(new Keep('ana', lasting, tab), 's')];
  const [mine, other] = [here.add({ type: 'answer', values: { a: 1 } }, meant), there.add({ type: 'answer', values: { a: 2 } }, meant)];
  // A browser tells its other windows late: what one takes away, the other may still read.
  const late = lasting.getItem.bind(lasting);
  const seen = new Map(Array.from({ length: lasting.length }, (_, index) => lasting.key(index)!).map((name) => [name, late(name)]));
  lasting.getItem = (name) => seen.get(name) ?? late(name);

  here.remove(mine.key);
  there.rebase('1', 2);
  there.remove(other.key);

  expect(lasting.length).toBe(0);
});

test('a full shelf loses the writing and nothing else', () => {
  class Full extends PageShelf {
    override setItem(): never {
      throw new DOMException('full', 'QuotaExceededError');
    }
  }
  const keep = new Keep('ana', new Full(), new PageShelf());

  expect(() => keep.write('x', 1)).not.toThrow();
  expect(keep.read('x')).toBeNull();
});

test('what another program left in our place is not believed', () => {
  const lasting = new PageShelf();
  lasting.setItem('parcours:ana:x', '{broken');

  expect(new Keep('ana', lasting, new PageShelf()).read('x')).toBeNull();
});

test('drafts of another week are swept away', () => {
  const keep = new Keep('ana', new PageShelf(), new PageShelf());
  let now = 0;
  const drafts = new Drafts(keep, 's', () => now);
  drafts.set('1', 'a', 'old');
  now = 8 * 24 * 3_600_000;
  drafts.set('2', 'a', 'new');

  drafts.sweep();

  expect(drafts.read('1')).toEqual({});
  expect(drafts.read('2')).toEqual({ a: 'new' });
});
