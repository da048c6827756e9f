import axe from 'axe-core';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LinkService, question } from '../care/service.fake';

const user = userEvent.setup();
let told: [string, Record<string, unknown>][] = [];

beforeEach(() => {
  localStorage.clear();
  told = [];
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

async function opened(service: LinkService, attributes: Record<string, string> = { token: 'pe_1' }): Promise<HTMLElement> {
  vi.stubGlobal('fetch', service.fetch);
  await import('./runner');
  const page = document.body.appendChild(document.createElement('main'));
  const element = document.createElement('journey-runner');
  for (const [name, value] of Object.entries({ base: 'https://parcours.example', ...attributes })) {
    element.setAttribute(name, value);
  }
  for (const type of ['step', 'outcome', 'error']) {
    page.addEventListener(type, (event) => told.push([type, (event as CustomEvent).detail]));
  }
  page.append(element);
  await expect.poll(() => title(element)).not.toMatch(/^(Opening|Ouverture|$)/);
  return element;
}

const inside = (element: HTMLElement): ShadowRoot => element.shadowRoot!;
const title = (element: HTMLElement): string => inside(element).querySelector('h2')?.textContent ?? '';
const button = (element: HTMLElement, name: string): HTMLElement =>
  [...inside(element).querySelectorAll('button')].find((one) => one.textContent === name)!;
const labelled = (element: HTMLElement, name: string): HTMLInputElement => {
  const label = [...inside(element).querySelectorAll('label')].find((one) => one.textContent?.startsWith(name));
  return (label!.querySelector('input') ?? inside(element).getElementById(label!.htmlFor)) as HTMLInputElement;
};

test('a customer walks inside another’s page, and the page hears the steps and the outcome', async () => {
  const service = new LinkService(
    [
      [question('order', { label: 'Commande' }), question('day', { label: 'Jour', type: 'date' })],
      [question('damaged', { label: 'Abîmé ?', type: 'yes_no' })],
    ],
    ['Bonjour.'],
  );
  const element = await opened(service);
  expect(title(element)).toBe('Bonjour.');
  await user.type(labelled(element, 'Commande'), 'F-1042');
  await user.click(button(element, 'Continuer'));
  await user.type(labelled(element, 'Jour'), '2/12/2026');
  expect(inside(element).textContent).toContain('Compris\u00a0: 2 décembre 2026');
  await user.click(button(element, 'Continuer'));
  await expect.poll(() => inside(element).querySelector('legend')?.textContent).toBe('Abîmé ?');
  await user.click(labelled(element, 'Oui'));
  await user.click(button(element, 'Continuer'));
  await expect.poll(() => title(element)).toBe('C’est terminé');
  expect(service.answers).toEqual([{ order: 'F-1042', day: '2026-12-02' }, { damaged: true }]);
  expect(told.map(([type]) => type)).toEqual(['step', 'step', 'outcome']);
  expect(told[0]![1]).toEqual({ session: 'ses_1', node: 's0', title: 'Étape 0' });
  expect(told[2]![1]).toMatchObject({ outcome: 'resolved', fields: { order: 'F-1042', damaged: true } });
});

test('every type of answer has its control, and gives its JSON form', async () => {
  const fields = [
    question('choice', { type: 'choice', label: 'Motif', options: [{ id: 'a', label: 'Casse', short: null }] }),
    question('many', { type: 'multiple', label: 'Pièces', options: ['x', 'y'].map((id) => ({ id, label: id, short: null })) }),
    question('mark', { type: 'rating', label: 'Note', form: { min: 1, max: 5 } }),
    question('price', { type: 'money', label: 'Prix' }),
    question('stay', { type: 'period', label: 'Séjour' }),
    question('where', { type: 'address', label: 'Adresse', form: { country: 'FR' } }),
    question('items', { type: 'group', label: 'Articles', form: { fields: { name: { type: 'text', form: {} } }, min: 1, max: 2 } }),
  ];
  const service = new LinkService([fields]);
  const element = await opened(service);
  const go = () => user.click(button(element, 'Continuer'));
  await user.click(labelled(element, 'Casse'));
  await go();
  await user.click(labelled(element, 'y'));
  await user.click(labelled(element, 'x'));
  await go();
  await user.click(labelled(element, '4'));
  await go();
  await user.type(labelled(element, 'Prix'), '£12,5');
  await go();
  await user.type(labelled(element, 'Du'), '1/10/2026');
  await user.type(labelled(element, 'Au'), '02102026');
  await go();
  await user.type(labelled(element, 'Numéro et rue'), '1 rue X');
  await user.type(labelled(element, 'Code postal'), '75002');
  await user.type(labelled(element, 'Ville'), 'Paris');
  await go();
  await user.type(labelled(element, 'Name'), 'stylo');
  await user.click(button(element, 'Ajouter'));
  await go();
  await expect.poll(() => service.answers.length).toBe(1);
  expect(service.answers[0]).toEqual({
    choice: 'a',
    many: ['x', 'y'],
    mark: 4,
    price: { amount: '12.50', currency: 'GBP' },
    stay: { from: '2026-10-01', to: '2026-10-02' },
    where: { line1: '1 rue X', postcode: '75002', city: 'Paris' },
    items: [{ name: 'stylo' }],
  });
});

test('what is wrong is told beside its control, stays typed, and takes the focus', async () => {
  const service = new LinkService([[question('order', { label: 'Commande' })]]);
  const element = await opened(service);
  await user.type(labelled(element, 'Commande'), 'faux{Enter}');
  await expect.poll(() => inside(element).querySelector('[role=alert]')?.textContent).toBe('Refusé ici.');
  expect(labelled(element, 'Commande').value).toBe('faux');
  expect(inside(element).activeElement).toBe(labelled(element, 'Commande'));
  expect(told.at(-1)).toEqual(['error', { code: 'answer.refused', message: expect.any(String) }]);
});

test('a link that opens nothing says so, in the page and to it', async () => {
  const service = new LinkService([[question('order', { label: 'Commande' })]]);
  service.failures = [{ status: 401, code: 'link.expired' }];
  const element = await opened(service);
  expect(title(element)).toBe(navigator.language.startsWith('fr') ? 'Ce lien a expiré' : 'This link has expired');
  expect(told).toEqual([['error', { code: 'link.expired', message: title(element) }]]);
  element.setAttribute('token', 'pe_2');
  await expect.poll(() => labelled(element, 'Commande')?.id).toBe('answer');
});

test('without a token it says that the link is not whole', async () => {
  const element = await opened(new LinkService([]), {});
  expect(told[0]![1]).toMatchObject({ code: 'link.cut' });
  expect(title(element)).toMatch(/not whole|incomplet/);
});

test('a reload keeps what was typed', async () => {
  const service = new LinkService([[question('order', { label: 'Commande' })]]);
  const element = await opened(service);
  await user.type(labelled(element, 'Commande'), 'F-10');
  element.remove();
  const again = await opened(service);
  expect(labelled(again, 'Commande').value).toBe('F-10');
});

test('axe finds nothing wrong, in either language', async () => {
  const service = new LinkService([[question('order', { label: 'Motif', type: 'choice', options: [{ id: 'a', label: 'Casse', short: null }] })]], ['Bonjour.']);
  const element = await opened(service);
  for (const language of ['fr', 'en']) {
    element.setAttribute('language', language);
    await expect.poll(() => button(element, language === 'fr' ? 'Continuer' : 'Continue')).toBeTruthy();
    const { violations } = await axe.run(document.body, {
      rules: { 'color-contrast': { enabled: false }, region: { enabled: false }, 'page-has-heading-one': { enabled: false }, 'heading-order': { enabled: false } },
    });
    expect(violations.map((one) => one.id)).toEqual([]);
  }
});

test('what anybody wrote is only ever text', async () => {
  const evil = '<img src=x onerror=alert(1)>';
  const element = await opened(new LinkService([[question('order', { label: evil, help: evil })]], [evil]));
  expect(inside(element).querySelector('img')).toBeNull();
  expect(inside(element).textContent).toContain(evil);
});
