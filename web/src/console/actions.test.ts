import { cleanup, render, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
import type { Field, Line, View } from '../api/types';
import { ADVISOR, Service, aroundOf, contact, findings, problem, user, viewOf } from './console.fake';
import Awaited from './parts/step/Awaited.svelte';

afterEach(() => {
  vi.useRealTimers();
  cleanup();
});

const STATUS = {
  name: 'order.status', type: 'text', label: 'État', help: null, options: [], required: true, skippable: false, sensitive: false,
  known: null, offered: null, suggested: null, value: null, default: null, valid: {}, form: {},
} as Field;
const STEP = { id: 'order', kind: 'do', title: 'La commande', visit: 3, run: 'main', journey: 'parcel', by_hand: false, time: null, target_ms: null };
const ACTION = { effect: 'e1', operation: 'oms.get_order', title: 'La commande', visit: 3, status: 'requested', reason: null, behind: false, compensates: null };
const LATE = { effect: 'e1', operation: 'oms.get_order', step: 'order', visit: 3, by_hand: false, values: { 'order.status': 'lost' }, shown: { 'order.status': 'perdue' } } as unknown as View['late'][number];
const pressed = async (keys: string): Promise<void> => {
  (document.activeElement as HTMLElement | null)?.blur();
  await user.keyboard(keys);
};

async function stands(more: Partial<View>, service = new Service()): Promise<Service> {
  service.view = viewOf(service.session, { step: STEP, ...more });
  service.around = aroundOf(service.session, { actions: [ACTION] } as never);
  await contact(service);
  return service;
}

test('while a system works one may do it by hand, or go on without it: each by a button and by a key', async () => {
  const service = await stands({ status: 'pending', pending: { effect: 'e1', operation: 'oms.get_order', visit: 3 }, commands: ['take_over', 'later', 'note'] });
  const later = await screen.findByRole('button', { name: 'Plus tard' });
  expect(screen.getByRole('button', { name: 'Le faire à la main' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Redemander au système' })).toBeNull();
  expect(await findings()).toEqual([]);

  await user.click(later);
  await expect.poll(() => service.commands).toEqual([{ type: 'later' }]);
  await pressed('m');
  await expect.poll(() => service.commands.at(-1)).toEqual({ type: 'take_over' });
});

test('what failed is asked again from its manual procedure; nobody takes over what is theirs already', async () => {
  const service = await stands({ do: 'Ouvrez la boutique.', fields: [STATUS], step: { ...STEP, by_hand: true }, commands: ['answer', 'retry', 'later', 'take_over', 'note'] });
  expect(await screen.findByRole('button', { name: 'Redemander au système' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Le faire à la main' })).toBeNull();
  expect(await findings()).toEqual([]);

  await pressed('m');
  await pressed('e');

  await expect.poll(() => service.commands).toEqual([{ type: 'retry' }]);
});

test.each([
  ['a system', null, 1],
  ['a system behind', { id: 'w1', what: 'effect', due: null, name: 'e1', then: null }, 1],
  ['an approval', { id: 'w1', what: 'approval', due: null, name: 'supervisor', then: null }, 0],
] as const)('a wait is told once it is felt, and as what it is: %s', async (_, wait, shown) => {
  vi.useFakeTimers();
  const view = viewOf('ses_w', { step: STEP, status: 'pending', wait, commands: ['approve', 'take_over', 'later'] });
  render(Awaited, { view, busy: false, teams: [], onsend: vi.fn(), onask: vi.fn() });
  expect(screen.queryByText('Un système travaille')).toBeNull();

  await vi.advanceTimersByTimeAsync(400);
  vi.useRealTimers();

  expect(screen.queryAllByText('Un système travaille').length).toBe(shown);
  expect(screen.queryAllByRole('button', { name: 'Accorder' }).length).toBe(1 - shown);
});

test('a late answer is offered with what it says; one takes it with one key', async () => {
  const service = await stands({ do: 'Ouvrez la boutique.', fields: [STATUS], step: { ...STEP, by_hand: true }, late: [LATE], commands: ['answer', 'use_result', 'note'] });
  const offer = await screen.findByRole('region', { name: /Le système a répondu depuis\s: La commande/ });
  expect(offer.textContent).toContain('État : perdue');
  expect(await findings()).toEqual([]);

  await pressed('u');

  await expect.poll(() => service.commands).toEqual([{ type: 'use_result' }]);
});

test('who keeps their own answer is not asked again, not even after a refresh', async () => {
  const service = await stands({ do: 'Ouvrez la boutique.', fields: [STATUS], step: { ...STEP, by_hand: true }, late: [LATE], commands: ['answer', 'use_result'] });

  await user.click(await screen.findByRole('button', { name: 'Continuer à la main' }));

  expect(screen.queryByText(/Le système a répondu/)).toBeNull();
  expect(service.commands).toEqual([]);
  expect(Object.keys(localStorage).some((key) => key.endsWith('late') && localStorage.getItem(key)?.includes('e1'))).toBe(true);
});

test('what differs from what was written by hand is taken once its consequences were shown', async () => {
  const service = new Service();
  const written = { visit: 3, step: 'order', title: 'La commande', kind: 'do', run: 'main', at: 0, left_at: 0, how: 'by_hand', by: 'advisor:ana', values: { 'order.status': 'sent' }, shown: {}, source: null, codes: [], undone: false } as unknown as Line;
  service.on(/commands:preview$/, () => ({ allowed: true, code: null, message: null, at: 'more', outcome: null, pruned: [], restored: [], asked_again: [], effects: [], barriers: [], codes: {} }));
  await stands({ step: { ...STEP, id: 'more', visit: 4, kind: 'ask' }, history: [written], late: [{ ...LATE, by_hand: true }], commands: ['answer', 'amend'] }, service);

  await user.click(await screen.findByRole('button', { name: /Prendre sa réponse/ }));

  expect(await screen.findByRole('dialog')).toBeTruthy();
  expect(service.asked.find((one) => one.path.endsWith(':preview'))?.body).toMatchObject({ visit: 3, values: { 'order.status': 'lost' } });
  expect(service.commands).toEqual([]);
});

test('an action done by hand that the system did as well asks to be checked', async () => {
  await stands({ late: [{ ...LATE, by_hand: true, values: {}, shown: {} }], commands: ['answer'] });

  expect((await screen.findByRole('region', { name: /Le système a répondu/ })).textContent).toContain('deux fois');
  await user.click(screen.getByRole('button', { name: 'C’est noté' }));
  expect(screen.queryByText(/Le système a répondu/)).toBeNull();
});

const TASK = { effect: 'e1', operation: 'oms.cancel', step: 'order', status: 'failed', reason: 'http.503', undo: true };

test('an undoing that failed is a task in words: an advisor notes what they did about it', async () => {
  await stands({ attention: [TASK] });
  const task = await screen.findByRole('region', { name: 'Action à reprendre' });
  expect(task.textContent).toMatch(/L’annulation de «\sLa commande\s» n’a pas abouti/);
  expect(within(task).queryByRole('button', { name: 'Relancer' })).toBeNull();
  expect(await findings()).toEqual([]);

  await user.click(within(task).getByRole('button', { name: 'Noter ce qui est fait' }));

  await expect.poll(() => document.activeElement).toBe(screen.getByRole('textbox', { name: 'Écrire une note' }));
});

test('a supervisor has it tried again, knowingly when it may have been done, or closes it with a reason', async () => {
  const service = new Service();
  service.me = { ...ADVISOR, role: 'supervisor', permissions: ['dead-letter.read', 'dead-letter.change'] };
  service.on(/^GET \/v1\/dead-letters$/, () => ({ items: [{ id: 'dlt_0', effect: 'other' }, { id: 'dlt_1', effect: 'e1' }], next: null }));
  service.on(/:redrive$/, ({ body }) => (body?.['may_repeat'] === true ? { id: 'dlt_1' } : problem(409, 'dead-letter.may-be-done', { detail: 'Elle a peut-être eu lieu.' })));
  service.on(/:close$/, () => ({ id: 'dlt_1' }));
  await stands({ attention: [TASK] }, service);
  await user.click(await screen.findByRole('button', { name: 'Relancer' }));
  expect((await screen.findByText('Elle a peut-être eu lieu.')).getAttribute('role')).toBe('alert');
  await user.click(await screen.findByRole('button', { name: 'Relancer quand même' }));
  await expect.poll(() => service.asked.filter((one) => one.path === '/v1/dead-letters/dlt_1:redrive').length).toBe(2);

  await user.click(await screen.findByRole('button', { name: 'Classer…' }));
  await user.type(screen.getByLabelText('Pourquoi elle n’est plus à faire'), 'fait par courrier{Enter}');

  await expect.poll(() => service.asked.find((one) => one.path.endsWith(':close'))?.body).toEqual({ reason: 'fait par courrier' });
});

test('whoever takes a contact over reads five lines before anything else', async () => {
  const recap = (['who', 'declared', 'found', 'done', 'asked'] as const).map((what) => ({ what, label: what, text: `ce qui est ${what}` }));
  await stands({ recap, say: [{ visit: 3, step: 'order', text: 'Bonjour', goal: null, verbatim: false }] as never });

  const lines = await screen.findByRole('region', { name: 'Où en est ce contact' });
  expect(within(lines).getAllByRole('definition').map((one) => one.textContent)).toEqual(recap.map((one) => one.text));
  expect(lines.compareDocumentPosition(screen.getByText('Bonjour')) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
  expect(await findings()).toEqual([]);
});

test('the robot goes on at one key, and says how far it went', async () => {
  const service = new Service();
  const passed = (visit: number): Line => ({ visit, step: `s${visit}`, title: `Étape ${visit}`, kind: 'ask', run: 'main', at: 0, left_at: 1, how: 'answered', by: 'robot:ana', values: {}, shown: {}, source: null, codes: [], undone: false }) as Line;
  service.on(/commands$/, () => (service.view = viewOf(service.session, { version: 9, history: [passed(1), passed(2)], step: { ...STEP, id: 'more', visit: 4 } })));
  await stands({ commands: ['answer', 'autopilot'] }, service);

  await pressed('g');

  expect(await screen.findByText('Le robot a avancé de 2 étapes. À vous.')).toBeTruthy();
  expect(service.commands).toEqual([{ type: 'autopilot' }]);
});

test('where the robot can do nothing it says so', async () => {
  await stands({ commands: ['answer', 'autopilot'] });

  await user.click(await screen.findByRole('button', { name: 'Robot' }));

  expect(await screen.findByText('Le robot ne peut rien faire ici : c’est à vous.')).toBeTruthy();
});
