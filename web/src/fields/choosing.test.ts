import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { EVERY, shown, user } from './questions.fake';

afterEach(cleanup);

test('radio buttons answer the option’s id, and arrows go from one to the other', async () => {
  const { given } = shown(EVERY.choice!);
  const group = screen.getByRole('group', { name: 'Question' });
  const radios = within(group).getAllByRole('radio');
  expect(radios.map((one) => (one as HTMLInputElement).name)).toEqual(['f-q', 'f-q', 'f-q']);
  await user.click(radios[0]!);
  await user.keyboard('{ArrowDown}');
  expect(given).toEqual(['o1', 'o2']);
  expect((radios[1] as HTMLInputElement).checked).toBe(true);
});

test('a digit picks an option, and says when there is none', () => {
  const { component, given } = shown(EVERY.choice!);
  expect(component.pick(2)).toBe(true);
  expect(component.pick(7)).toBe(false);
  expect(given).toEqual(['o2']);
});

test('a digit picks a mark by its number, a yes, an agreement', () => {
  const mark = shown(EVERY.rating!);
  mark.component.pick(4);
  expect(mark.given).toEqual([4]);
  cleanup();
  const yes = shown(EVERY['yes or no']!);
  yes.component.pick(2);
  expect(yes.given).toEqual([false]);
  cleanup();
  const consent = shown(EVERY.consent!);
  consent.component.pick(1);
  expect(consent.given[0]).toMatchObject({ given: true, text_hash: 'abc' });
  cleanup();
  expect(shown(EVERY.text!).component.pick(1)).toBe(false);
});

test('several boxes answer in the order of the options', async () => {
  const { given, component } = shown(EVERY.multiple!);
  await user.click(screen.getByRole('checkbox', { name: /Option 3/ }));
  component.pick(1);
  expect(given).toEqual([['o3'], ['o1', 'o3']]);
  component.pick(1);
  component.pick(3);
  expect(given.at(-1)).toBeUndefined();
});

test('a long list is filtered by letters, walked by arrows, chosen by Enter, and announced', async () => {
  const { given } = shown(EVERY['long choice']!);
  const box = screen.getByRole('combobox', { name: 'Question' });
  expect(screen.getAllByRole('option')).toHaveLength(40);
  await user.click(box);
  await user.keyboard('OPTION 3');
  expect(screen.getByRole('status').textContent).toContain('13 choix');
  await user.keyboard('{ArrowDown}');
  const active = box.getAttribute('aria-activedescendant');
  expect(document.getElementById(active!)!.textContent).toContain('Option 13');
  await user.keyboard('{Enter}');
  expect(given).toEqual(['o13']);
  expect(screen.getByRole('option', { selected: true }).textContent).toContain('Option 13');
  await user.keyboard('zzz');
  expect(screen.getByRole('status').textContent).toContain('Rien ne correspond');
  await user.keyboard('{Escape}');
  expect(screen.getAllByRole('option')).toHaveLength(40);
});

test('Enter on what is chosen already goes on to the page', async () => {
  shown(EVERY['long choice']!, { value: 'o1' });
  const heard: boolean[] = [];
  const listen = (event: KeyboardEvent) => heard.push(event.defaultPrevented);
  document.addEventListener('keydown', listen);
  await user.click(screen.getByRole('combobox'));
  await user.keyboard('Option 1{Enter}');
  document.removeEventListener('keydown', listen);
  expect(heard.at(-1)).toBe(false);
});

test('in a long list of several, the space bar adds and takes away', async () => {
  const { given } = shown(EVERY['long multiple']!);
  await user.click(screen.getByRole('combobox'));
  await user.keyboard('{ArrowDown}{ArrowDown} {ArrowUp} {ArrowUp} ');
  expect(given).toEqual([['o2'], ['o1', 'o2'], ['o2']]);
});
