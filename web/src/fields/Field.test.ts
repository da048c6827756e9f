import axe from 'axe-core';
import { cleanup, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import { EVERY, field, shown, user } from './questions.fake';

afterEach(cleanup);

async function findings(): Promise<string[]> {
  const { violations } = await axe.run(document.body, {
    // A question alone is no page: landmarks and headings are the page's; jsdom has no colours.
    rules: { region: { enabled: false }, 'color-contrast': { enabled: false } },
  });
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
}

test.each(Object.entries(EVERY))('a question of %s has nothing that axe finds wrong', async (_, question) => {
  shown(question, { strict: true });
  expect(await findings()).toEqual([]);
  cleanup();
  shown(question, { error: 'Le service refuse cette réponse.', language: 'en' });
  expect(await findings()).toEqual([]);
  expect(screen.getByRole('alert').textContent).toBe('Le service refuse cette réponse.');
});

test.each(Object.entries(EVERY))('the refusal of %s is tied to its control', (_, question) => {
  shown(question, { error: 'Refusé.' });
  const alert = screen.getByRole('alert');
  const tied = document.querySelectorAll(`[aria-describedby~="${alert.id}"]`);
  expect(tied.length).toBe(1);
});

test('what is known says where from and how old, and one press confirms it', async () => {
  const { given } = shown(EVERY['e-mail']!);
  expect(screen.getByText(/Déjà connu \(CRM, il y a 3 jours\)/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Confirmer' }));
  expect(given).toEqual(['ana@example.org']);
  expect(screen.queryByRole('button', { name: 'Confirmer' })).toBeNull();
  expect(screen.getByLabelText<HTMLInputElement>('Question').value).toBe('ana@example.org');
});

test('what is sensitive is masked until it is asked for', async () => {
  shown(EVERY.sensitive!, { value: 'abc' });
  const box = screen.getByLabelText<HTMLInputElement>('Question');
  expect(box.type).toBe('password');
  expect(document.body.textContent).not.toContain('secret');
  for (const button of screen.getAllByRole('button', { name: 'Afficher' })) await user.click(button);
  expect(box.type).toBe('text');
  expect(document.body.textContent).toContain('secret');
});

test('the question takes the focus when it is asked to, at what is chosen', async () => {
  shown(EVERY.choice!, { value: 'o2', autofocus: true });
  await tick();
  expect((document.activeElement as HTMLInputElement).value).toBe('o2');
});

test('an optional question says so, and misses nothing when it is left empty', async () => {
  shown(field('text', { required: false }), { strict: true });
  expect(screen.getByLabelText(/Question.*facultatif/)).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
  cleanup();
  shown(field('text'), { strict: true });
  expect(screen.getByRole('alert').textContent).toBe('Une réponse est attendue.');
});

test('what an author or a customer wrote is only ever text', () => {
  const evil = '<img src=x onerror=alert(1)>';
  shown(field('choice', { label: evil, help: evil, options: [{ id: evil, label: evil }] }), { value: evil, error: evil });
  expect(document.querySelector('img')).toBeNull();
});
