// @vitest-environment node
import { expect, test } from 'vitest';
import { Drafts } from './drafts';
import { Keep, PageShelf } from './keep';

test('each reader finds their own things and no others', () => {
  const [lasting, tab] = [new PageShelf(), new PageShelf()];
  const ana = new Keep('ana', lasting, tab);
  const bruno = new Keep('bruno', lasting, tab);
  ana.write('x', 1);

  expect(bruno.read('x')).toBeNull();
  ana.clear();
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
