/** Where the focus is and what keys do while one answers: by keyboard, one never wonders. */
import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import type { Field } from '../api/types';
import { Service, contact, option, user, viewOf } from './console.fake';

afterEach(cleanup);

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name, type: 'text', label: name, help: null, options: [], required: true, skippable: false, sensitive: false, known: null,
  offered: null, suggested: null, value: null, default: null, valid: {}, form: {}, ...more,
});
const MARK = field('mark', { type: 'rating', label: 'Satisfait ?', form: { min: 1, max: 5 } } as never);
const USEFUL = field('useful', { type: 'choice', label: 'Temps utile ?', options: [option('yes', 'Oui'), option('no', 'Non')] });
const LINES = field('lines', { label: 'Que s’est-il passé ?', form: { multiline: true } } as never);

async function asks(...fields: Field[]): Promise<Service> {
  const service = new Service();
  service.view = viewOf(service.session, { fields });
  await contact(service);
  await expect.poll(() => document.activeElement).not.toBe(document.body);
  return service;
}

test('the focus follows a digit to the question still asked, then to what was chosen; Enter sends both', async () => {
  const service = await asks(MARK, USEFUL);

  await user.keyboard('4');
  await expect.poll(() => document.activeElement).toBe(screen.getByRole('radio', { name: 'Oui' }));
  expect(screen.getByRole<HTMLInputElement>('radio', { name: /4/ }).checked).toBe(true);
  await user.keyboard('2');
  await expect.poll(() => document.activeElement).toBe(screen.getByRole('radio', { name: 'Non' }));
  await user.keyboard('{Enter}');

  await expect.poll(() => service.commands).toEqual([{ type: 'answer', step: 's1', values: { mark: 4, useful: 'no' } }]);
});

test('Enter with a question left leads to that one, and never to one that is answered', async () => {
  const service = await asks(MARK, USEFUL);
  await user.click(screen.getByRole('radio', { name: /4/ }));

  await user.keyboard('{Enter}');

  await expect.poll(() => document.activeElement).toBe(screen.getByRole('radio', { name: 'Oui' }));
  expect(service.commands).toEqual([]);
});

test('Ctrl and Enter send an answer of several lines', async () => {
  const service = await asks(LINES);

  await user.keyboard('une ligne{Enter}une autre{Control>}{Enter}{/Control}');

  await expect.poll(() => service.commands[0]?.['values']).toEqual({ lines: 'une ligne\nune autre' });
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('while one types, hints of single keys are dimmed; Escape leaves the field, keeps its words, and keys act', async () => {
  await asks(field('order', { label: 'Commande' }));
  const typing = (): boolean => document.documentElement.hasAttribute('data-typing');
  const dimmed = (name: RegExp): boolean => screen.getByRole('button', { name }).querySelector('kbd')!.classList.contains('single');
  expect(typing()).toBe(true);
  expect([dimmed(/Passer la question|Passer…/), dimmed(/Terminer/)]).toEqual([true, false]);

  await user.keyboard('F-10{Escape}');

  expect(typing()).toBe(false);
  expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 }));
  await user.keyboard('s');
  expect(await screen.findByRole('dialog')).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('Commande').value).toBe('F-10');
});

test('a reason’s words come before the choices, each of which sends; Enter leads from one to the other', async () => {
  const service = await asks(USEFUL);
  await user.keyboard('0');
  const dialog = within(await screen.findByRole('dialog'));
  const words = dialog.getByRole('textbox');
  const first = dialog.getAllByRole('button').find((one) => one.classList.contains('choice'))!;
  expect(words.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
  expect(document.activeElement).toBe(first);

  await user.type(words, 'il manque le vert{Enter}');
  expect(document.activeElement).toBe(first);
  await user.keyboard('1');

  await expect.poll(() => service.commands).toEqual([{ type: 'none_of_these', category: 'missing', text: 'il manque le vert' }]);
});

test.each([[true], [false]])('a contact whose three axes are said may end well before its last questions: %s', async (isReached) => {
  // What is being told with the first closing question has no code yet, and counts.
  const codes = { declaration: ['a'], qualification: ['b'], action: [] };
  const service = new Service();
  service.view = viewOf(service.session, { fields: [USEFUL], codes, unsaid: isReached ? [] : ['action'] });
  await contact(service);

  await user.keyboard('{Control>}{Enter}{/Control}');

  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.queryByRole('button', { name: /Résolu/ }) !== null).toBe(isReached);
});

test('what is typed in the line of several answers is there again after a look back', async () => {
  const service = new Service();
  const asked = viewOf(service.session, { fields: [field('order')] });
  service.view = asked;
  await contact(service);
  const line = (): HTMLInputElement => screen.getByLabelText(/Plusieurs réponses/);
  await user.type(line(), '69003, le colis');

  service.on(/POST .*commands$/, ({ body }) => (service.view = { ...asked, version: service.view.version + 1, focus: body?.['type'] === 'back' ? 1 : null }));
  screen.getByRole('heading', { level: 1 }).focus();
  await user.keyboard('{Alt>}{ArrowLeft}{/Alt}');
  await expect.poll(() => screen.queryByLabelText(/Plusieurs réponses/)).toBeNull();
  await user.keyboard('{Alt>}{ArrowRight}{/Alt}');

  await expect.poll(() => line().value).toBe('69003, le colis');
});
