import { cleanup, screen } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { EVERY, GROUP, shown, user } from './questions.fake';

afterEach(cleanup);

test('a period gives both days, and says when it ends before it begins', async () => {
  const { given } = shown(EVERY.period!);
  await user.type(screen.getByLabelText('Du'), '5/10/2026');
  await user.tab();
  expect(document.activeElement).toBe(screen.getByLabelText('Au'));
  await user.keyboard('2/10/2026');
  await user.tab();
  expect(given.at(-1)).toEqual({ from: '2026-10-05', to: '2026-10-02' });
  expect(screen.getByRole('alert').textContent).toContain('La fin vient avant le début');
});

test('an address gives its parts, and the customer’s browser may fill them in', async () => {
  const { given } = shown(EVERY.address!, { own: true });
  await user.type(screen.getByLabelText('Numéro et rue'), '12 rue de la Paix');
  await user.type(screen.getByLabelText('Code postal'), '75002');
  expect(given.at(-1)).toEqual({ line1: '12 rue de la Paix', postcode: '75002' });
  expect(screen.getByLabelText('Code postal').getAttribute('autocomplete')).toBe('postal-code');
  cleanup();
  shown(EVERY.address!);
  expect(screen.getByLabelText('Code postal').getAttribute('autocomplete')).toBe('off');
});

test('items are added up to the most, asked the same questions, and removed', async () => {
  const { given } = shown(GROUP);
  await user.type(screen.getByLabelText('Article'), 'stylo');
  await user.type(screen.getByLabelText('Count'), '2');
  expect(given.at(-1)).toEqual([{ article: 'stylo', count: 2 }]);
  const add = screen.getByRole('button', { name: 'Ajouter' });
  await user.click(add);
  expect(document.activeElement).toBe(screen.getAllByLabelText('Article')[1]);
  expect(given.at(-1)).toEqual([{ article: 'stylo', count: 2 }]);
  await user.keyboard('livre');
  await user.click(add);
  expect(screen.getAllByLabelText('Article')).toHaveLength(2);
  expect(add.getAttribute('aria-disabled')).toBe('true');
  await user.click(screen.getByRole('button', { name: 'Retirer – Élément 1' }));
  expect(given.at(-1)).toEqual([{ article: 'livre' }]);
  expect(screen.getByLabelText<HTMLInputElement>('Article').value).toBe('livre');
});
