/** A correction, and what is typed elsewhere meanwhile: it goes with its question, or is given back. */
import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import type { Field, Line, View } from '../api/types';
import { app } from './app.svelte';
import { Service, aroundOf, contact, findings, option, user, viewOf } from './console.fake';

afterEach(cleanup);

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name, type: 'text', label: name, help: null, options: [], required: true, skippable: false, sensitive: false, known: null,
  offered: null, suggested: null, value: null, default: null, valid: {}, form: {}, ...more,
});
const WHY = field('why', { type: 'choice', label: 'Que dit le client ?', value: 'late', options: [option('late', 'Rien reçu'), option('broken', 'Abîmé')] });
const POSTCODE = field('postcode', { label: 'Code postal' });
const NAME = field('name', { label: 'Nom' });
const line = (visit: number, more: Partial<Line> = {}): Line => ({
  visit, step: `s${visit}`, title: `Étape ${visit}`, kind: 'ask', run: 'main', at: 0, left_at: 1, how: 'answered', by: 'advisor:ana',
  values: {}, shown: {}, source: null, codes: [], undone: false, ...more,
} as Line);
const FORESEEN = { allowed: true, code: null, message: null, pruned: [{ visit: 2 }], asked_again: [], restored: [], barriers: [], effects: [] };

/** Type a postcode, look back at the first step, correct it: the walk then asks what `fields` says. */
async function correct(fields: Field[]): Promise<HTMLElement> {
  const service = new Service();
  const stands = (more: Partial<View>): View => viewOf(service.session, more);
  service.view = stands({ version: 2, focus: 1, fields: [WHY], history: [line(1), line(2, { left_at: null, how: null })] });
  service.on(/commands:preview$/, () => FORESEEN);
  service.on(/POST .*\/commands$/, () => {
    service.view = stands({
      version: 3, fields, step: { ...service.view.step!, visit: 3, title: 'La suite' },
      history: [line(1), line(2, { undone: true }), line(3, { left_at: null, how: null })],
    });
    return service.view;
  });
  await contact(service);
  app.session(service.session).walk.drafts.set('2', 'postcode', '690', false, POSTCODE);
  await user.keyboard('2');
  const dialog = await screen.findByRole('dialog');
  expect(dialog.textContent).toContain('Code postal\u00a0: 690');
  expect(await findings()).toEqual([]);
  await user.click(within(dialog).getByRole('button', { name: 'Corriger' }));
  await screen.findByRole('heading', { level: 1, name: 'La suite' });
  return document.body;
}

test('what was typed at a step that the correction undid stands at its question, asked anew', async () => {
  await correct([POSTCODE]);

  expect(screen.getByLabelText<HTMLInputElement>('Code postal').value).toBe('690');
});

test('what is asked no more is given back, with a word on why', async () => {
  await correct([NAME]);

  const alert = (await screen.findByText('Votre correction a changé la suite.')).closest('[role=alert]');
  expect(alert?.textContent).toContain('Code postal\u00a0: 690');
});

test('after a correction each action has one row, and what was undone says so', async () => {
  const action = (effect: string, status: string, more: object = {}): object => ({
    effect, operation: 'oms.reship', title: 'Réexpédition', visit: 2, status, reason: null, behind: false, compensates: null, ...more,
  });
  const read = (effect: string): object => action(effect, 'succeeded', { operation: 'crm.find', title: 'La fiche' });
  const service = new Service();
  service.around = aroundOf(service.session, {
    actions: [read('r1'), action('a1', 'compensated'), action('c1', 'succeeded', { compensates: 'a1' }), read('r2'), action('a2', 'succeeded')],
  } as never);
  await contact(service);

  const panel = screen.getByRole('heading', { name: 'Actions' }).closest('section')!;
  await expect.poll(() => within(panel).queryAllByRole('listitem').map((one) => one.textContent)).toEqual([
    'Réexpéditionfait', 'La fichefait', 'Réexpéditionannulé',
  ]);
});
