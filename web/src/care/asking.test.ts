// @vitest-environment node
import { expect, test } from 'vitest';
import { arrive, goBack, goOn, NOWHERE, refuse, screenOf, typedAt } from './asking';
import { LinkService, question } from './service.fake';
import { outcomeOf, Plain } from './summary';

const LOOK = { language: 'fr', today: '2026-10-01' };
const view = (change: object = {}) => ({ ...new LinkService([[question('a'), question('b')]]).view(), ...change });

test('the questions of a step come one after the other, and are sent together', () => {
  let asking = arrive(NOWHERE, view(), {});
  asking = typedAt(asking, 'a', 'x');
  const first = goOn(asking, view(), LOOK);
  expect([first.asking.at, first.command]).toEqual([1, null]);
  const second = goOn(typedAt(first.asking, 'b', 'y'), view(), LOOK);
  expect(second.command).toEqual({ type: 'answer', values: { a: 'x', b: 'y' }, step: 's0' });
  expect(goBack(second.asking, view())?.asking.at).toBe(0);
});

test('what is missing is asked for; what looks wrong is told once, then the service judges', () => {
  const email = view({ fields: [question('a', { type: 'email' })] });
  let asking = arrive(NOWHERE, email, {});
  const missing = goOn(asking, email, LOOK);
  expect(missing.asking.errors).toEqual({ a: 'Une réponse est attendue.' });
  expect(goOn(missing.asking, email, LOOK).command).toBeNull();
  asking = typedAt(missing.asking, 'a', 'ana@');
  const told = goOn(asking, email, LOOK);
  expect(told.command).toBeNull();
  expect(told.asking.errors['a']).toContain('adresse électronique');
  expect(goOn(told.asking, email, LOOK).command).toMatchObject({ values: { a: 'ana@' } });
});

test('a refusal leads to the first question it concerns', () => {
  const asking = refuse(arrive(NOWHERE, view(), { a: 1 }), view(), { b: { message: 'Non.' } });
  expect([asking.at, asking.errors, asking.values]).toEqual([1, { b: 'Non.' }, { a: 1 }]);
});

test('the same step keeps what is typed; another one begins anew', () => {
  const asking = typedAt(arrive(NOWHERE, view(), {}), 'a', 'x');
  expect(arrive(asking, view({ version: 9 }), {})).toBe(asking);
  const next = view({ step: { ...view().step, visit: 2 } });
  expect(arrive(asking, next, { a: 'z' }).values).toEqual({ a: 'z' });
});

test('back at the first question looks at the step before, where there is one', () => {
  const asking = arrive(NOWHERE, view(), {});
  expect(goBack(asking, view())?.command).toEqual({ type: 'back' });
  expect(goBack(asking, view({ commands: ['answer'] }))).toBeNull();
});

test.each([
  [{}, 'ask'],
  [{ fields: [], commands: ['acknowledge'] }, 'read'],
  [{ status: 'pending' }, 'work'],
  [{ status: 'waiting' }, 'later'],
  [{ transfer: { what: 'hand_over', to: 'advisor' } }, 'person'],
  [{ fields: [], commands: ['note'] }, 'person'],
  [{ status: 'paused' }, 'paused'],
  [{ status: 'ended' }, 'over'],
  [{ status: 'failed' }, 'over'],
])('a session with %o shows as %s', (change, screen) => {
  expect(screenOf(view(change) as never)).toBe(screen);
});

test('an outcome carries codes, a summary and answers, and nothing sensitive or unseen', () => {
  const service = new LinkService([[question('a'), question('pin', { sensitive: true })]]);
  const plain = new Plain();
  plain.see(service.view());
  service.answers = [{ a: 'F-1', pin: '1234' }, { later: 'not seen here' }];
  service.at = 9;
  const outcome = outcomeOf(service.view(), plain, 'fr');
  expect(outcome.fields).toEqual({ a: 'F-1' });
  expect(outcome.codes).toEqual({ declaration: ['livraison'], qualification: ['avarie'], action: [] });
  expect(outcome.summary).toBe('Suivi – résolu\nÉtape 0 : F-1\nlivraison · avarie');
});
