import axe from 'axe-core';
import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { Problem } from '../api/problems';
import FieldControl from './Field.svelte';
import type { FieldProps } from './Field.svelte';
import type { Field, Json } from './field';

afterEach(cleanup);
// jsdom has no layout, and nothing to scroll.
Element.prototype.scrollIntoView = () => undefined;

const user = userEvent.setup();
const field = (type: string, more: Partial<Field> = {}): Field => ({
  name: 'q',
  type,
  label: 'Question',
  help: null,
  options: [],
  required: true,
  form: {},
  valid: {},
  ...more,
});
const options = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `o${at + 1}`, label: `Option ${at + 1}` }));

interface Shown {
  given: (Json | undefined)[];
  component: { pick: (n: number) => boolean; focus: () => void };
  set: (props: Partial<FieldProps>) => Promise<void>;
}

/** A runner in small: it keeps what is given and shows it again. */
function shown(question: Field, props: Partial<FieldProps> = {}): Shown {
  const given: (Json | undefined)[] = [];
  let value: Json | undefined = props.value;
  const { component, rerender } = render(FieldControl, {
    field: question,
    language: 'fr',
    idPrefix: 'f',
    today: '2026-10-01',
    now: Date.UTC(2026, 9, 1),
    ...props,
    value,
    onchange: (next: Json | undefined) => {
      given.push(next);
      value = next;
      void rerender({ value });
    },
  });
  return {
    given,
    component: component as unknown as Shown['component'],
    set: async (more) => {
      await rerender(more as never);
    },
  };
}

async function findings(): Promise<string[]> {
  const { violations } = await axe.run(document.body, {
    // A question alone is no page: landmarks and headings are the page's; jsdom has no colours.
    rules: { region: { enabled: false }, 'color-contrast': { enabled: false } },
  });
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
}

const GROUP = field('group', {
  form: {
    fields: { article: { type: 'text', form: {} }, count: { type: 'number', form: { min: 1 } } },
    min: 1,
    max: 2,
  },
});
const KNOWN = { value: 'ana@example.org', source: 'CRM', at: Date.UTC(2026, 8, 28), mode: 'confirm' };
const EVERY: Record<string, Field> = {
  choice: field('choice', { options: options(3), help: 'Une seule.' }),
  'long choice': field('choice', { options: options(40) }),
  multiple: field('multiple', { options: options(3) }),
  'long multiple': field('multiple', { options: options(40) }),
  'yes or no': field('yes_no'),
  text: field('text', { help: 'Comme sur la facture.' }),
  lines: field('text', { form: { multiline: true } }),
  number: field('number', { form: { unit: 'kg' } }),
  money: field('money', { form: { currency: 'EUR' } }),
  'money of any currency': field('money'),
  date: field('date'),
  period: field('period'),
  time: field('time'),
  phone: field('phone'),
  'e-mail': field('email', { known: KNOWN }),
  address: field('address', { form: { country: 'FR' } }),
  identifier: field('identifier', { form: { scheme: 'iban' } }),
  rating: field('rating', { form: { min: 1, max: 5, labels: { '1': 'Pas du tout', '5': 'Tout à fait' } } }),
  file: field('file', { form: { media_types: ['image/png'] } }),
  consent: field('consent', {
    form: { text: 'J’accepte que l’appel soit enregistré.' },
    valid: { properties: { text_hash: { const: 'abc' } } },
  }),
  group: GROUP,
  data: field('record', { form: { fields: {} } }),
  sensitive: field('text', { sensitive: true, known: { ...KNOWN, value: 'secret' } }),
};

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
    'Écrivez une date : jour, mois, année, par exemple 31/10/2026.',
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

test('a file is described here, and its reference is given by hand', async () => {
  const { given } = shown(EVERY.file!);
  await user.upload(screen.getByLabelText('Choisir un fichier'), new File(['abc'], 'a.png', { type: 'image/png' }));
  await user.type(screen.getByLabelText('Référence du fichier'), 'F1');
  expect(given.at(-1)).toEqual({
    id: 'F1',
    name: 'a.png',
    media_type: 'image/png',
    size: 3,
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  });
});

test('where files can be sent, the reference comes from there; a failure is told and nothing is given', async () => {
  const reference = { id: 'kept-1', name: 'a.png', media_type: 'image/png', size: 3 };
  let isUp = false;
  const { given } = shown(EVERY.file!, {
    upload: () => (isUp ? Promise.resolve(reference) : Promise.reject(new Error('down'))),
  });
  const file = new File(['abc'], 'a.png', { type: 'image/png' });
  await user.upload(screen.getByLabelText('Choisir un fichier'), file);
  expect(await screen.findByText(/n’a pas pu être envoyé/)).toBeTruthy();
  expect(given).toEqual([]);
  isUp = true;
  await user.click(screen.getByRole('button', { name: 'Renvoyer a.png' }));
  expect(given).toEqual([reference]);
});

test('a file that waits for the network goes by itself once it is back', async () => {
  let isUp = false;
  const { given } = shown(EVERY.file!, {
    upload: (file: File, question: string) => (isUp ? Promise.resolve({ id: question, name: file.name }) : Promise.reject(new Error('down'))),
  });
  await user.upload(screen.getByLabelText('Choisir un fichier'), new File(['abc'], 'a.png', { type: 'image/png' }));
  await screen.findByRole('button', { name: 'Renvoyer a.png' });
  isUp = true;
  dispatchEvent(new Event('online'));
  await waitFor(() => expect(given).toEqual([{ id: EVERY.file!.name, name: 'a.png' }]));
});

test('a file that is refused says why, and is not sent again', async () => {
  shown(EVERY.file!, { upload: () => Promise.reject(new Problem(422, 'file.other-content', 'Non', 'Ce n’est pas une image.')) });
  await user.upload(screen.getByLabelText('Choisir un fichier'), new File(['abc'], 'a.png', { type: 'image/png' }));
  expect(await screen.findByText('Ce n’est pas une image.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /Renvoyer/ })).toBeNull();
});

test('a customer is told that a file cannot be sent, where it cannot, and is asked for no reference', () => {
  shown(field('file', { required: false }), { own: true });
  expect(screen.getByText(/ne peut pas être envoyé d’ici/)).toBeTruthy();
  expect(document.querySelector('input')).toBeNull();
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

test('data are written as JSON, and kept as typed until they are whole', async () => {
  const { given } = shown(EVERY.data!);
  const box = screen.getByLabelText('Question');
  await user.click(box);
  await user.paste('{"a": 1');
  expect(given.at(-1)).toBe('{"a": 1');
  await user.paste('}');
  expect(given.at(-1)).toEqual({ a: 1 });
});

test('the question takes the focus when it is asked to, at what is chosen', async () => {
  shown(EVERY.choice!, { value: 'o2', autofocus: true });
  await Promise.resolve();
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
