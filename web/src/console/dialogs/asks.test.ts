// @vitest-environment node
import { expect, test } from 'vitest';
import { ASKS, commandOf } from './asks';

test('a reason by one key needs no word', () => {
  expect(commandOf(ASKS.skip, 'unknown', '')).toEqual({ type: 'skip', reason: 'unknown' });
  expect(commandOf(ASKS.none, 'missing', ' il manque le vert ')).toEqual({
    type: 'none_of_these', category: 'missing', text: 'il manque le vert',
  });
});

test('words about a skip stand behind its reason, within what the service takes', () => {
  const { reason } = commandOf(ASKS.skip, 'later', 'x'.repeat(400));

  expect(String(reason).startsWith('later: xxx')).toBe(true);
  expect(String(reason)).toHaveLength(255);
});

test('a team or a journey is taken from the list by its id', () => {
  expect(commandOf(ASKS.transfer, 'logistics', '')).toEqual({ type: 'transfer', team: 'logistics' });
  expect(commandOf(ASKS.digress, 'info.horaires', '')).toEqual({ type: 'digress', journey: 'info.horaires' });
});

test('a promise says by when with its offset', () => {
  const command = commandOf(ASKS.promise, null, 'Rappeler', { due: '2026-12-01T10:00' });

  expect(command['what']).toBe('Rappeler');
  expect(command['due']).toMatch(/^2026-1[12]-\d\dT\d\d:00:00\.000Z$/);
});

test('only what ends a contact makes one wait a second', () => {
  const guarded = Object.entries(ASKS).filter(([, ask]) => 'guarded' in ask && ask.guarded).map(([name]) => name);

  expect(guarded).toEqual(['finish', 'cancel']);
});
