import { cleanup, screen } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { EVERY, shown, user } from './questions.fake';

afterEach(cleanup);

test('letters stay as they are typed, and their meaning is given', async () => {
  const { given } = shown(EVERY.number!);
  await user.type(screen.getByLabelText('Question'), '1 234,5');
  expect(given.at(-1)).toEqual({ value: 1234.5, unit: 'kg' });
  expect(screen.getByLabelText<HTMLInputElement>('Question').value).toBe('1 234,5');
});

test('what is not understood is given as typed, and told when it is left', async () => {
  const { given } = shown(EVERY.date!);
  const box = screen.getByLabelText<HTMLInputElement>('Question');
  await user.type(box, 'mardi');
  expect(screen.queryByRole('alert')).toBeNull();
  await user.pointer({ keys: '[MouseLeft>]', target: document.body });
  // Nothing moves under a button while it is pressed.
  expect(screen.queryByRole('alert')).toBeNull();
  await user.pointer({ keys: '[/MouseLeft]', target: document.body });
  expect(given.at(-1)).toBe('mardi');
  expect(box.value).toBe('mardi');
  expect((await screen.findByRole('alert')).textContent).toBe(
    'Écrivez une date\u00a0: jour, mois, année, par exemple 31/10/2026.',
  );
  expect(box.getAttribute('aria-invalid')).toBe('true');
});

test('what was typed and not understood comes back after a reload', () => {
  shown(EVERY.date!, { value: 'mardi' });
  expect(screen.getByLabelText<HTMLInputElement>('Question').value).toBe('mardi');
});

test('a day is shown as understood', async () => {
  const { given } = shown(EVERY.date!);
  await user.type(screen.getByLabelText('Question'), '02122026');
  expect(given.at(-1)).toBe('2026-12-02');
  expect(screen.getByText('Compris : 2 décembre 2026')).toBeTruthy();
});

test('an amount takes its currency from what is typed, or from the list', async () => {
  const { given } = shown(EVERY['money of any currency']!, { language: 'en' });
  const box = screen.getByLabelText('Question');
  await user.type(box, '£12.5');
  expect(given.at(-1)).toEqual({ amount: '12.50', currency: 'GBP' });
  expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'Currency' }).value).toBe('GBP');
  await user.clear(box);
  await user.type(box, '80');
  await user.selectOptions(screen.getByRole('combobox', { name: 'Currency' }), 'JPY');
  expect(given.at(-1)).toEqual({ amount: '80', currency: 'JPY' });
});

test('a value that comes from elsewhere replaces what stands, one’s own does not', async () => {
  const { set } = shown(EVERY.number!, { value: { value: 5, unit: 'kg' } });
  const box = screen.getByLabelText<HTMLInputElement>('Question');
  await user.type(box, ',0');
  expect(box.value).toBe('5,0');
  await set({ value: { value: 9, unit: 'kg' } });
  expect(box.value).toBe('9');
});

test('a cleared answer is no answer', async () => {
  const { given } = shown(EVERY.text!, { value: 'abc' });
  await user.clear(screen.getByLabelText('Question'));
  expect(given.at(-1)).toBeUndefined();
});

test('data are written as JSON, and kept as typed until they are whole', async () => {
  const { given } = shown(EVERY.data!);
  const box = screen.getByLabelText('Question');
  await user.click(box);
  await user.paste('{"a": 1');
  expect(given.at(-1)).toBe('{"a": 1');
  await user.paste('}');
  expect(given.at(-1)).toEqual({ a: 1 });
});
