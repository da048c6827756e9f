import { cleanup, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import type { Language } from '../texts/format';
import { Service, contact, findings, listed, problem, show, user } from './console.fake';

afterEach(cleanup);

const BOTH = ['fr', 'en'] as const;
const said = (language: Language, fr: string, en: string): string => (language === 'fr' ? fr : en);

test.each(BOTH)('whoever is not signed in chooses who they are, and comes back to where they were (%s)', async (language) => {
  const service = new Service();
  let isIn = false;
  service.on(/GET \/v1\/me$/, () => (isIn ? service.me : problem(401, 'access.unauthenticated')));
  service.on(/sign-in\/options/, () => ({ personas: [{ id: 'ana', name: 'Ana Martin', role: 'advisor' }], oidc: null }));
  service.on(/sign-in\/persona/, ({ body }) => {
    isIn = body?.['persona'] === 'ana';
    return service.me;
  });
  await show(service, `/s/${service.session}`, language);
  expect(location.pathname).toBe('/sign-in');

  await user.click(await screen.findByRole('button', { name: /Ana Martin/ }));

  expect(location.pathname).toBe(`/s/${service.session}`);
  expect(await screen.findByRole('heading', { level: 1, name: 'La plainte' })).toBeTruthy();
});

test('a service that does not answer says so, and is asked again by one press', async () => {
  const service = new Service();
  let isUp = false;
  service.on(/GET \/v1\/me$/, () => (isUp ? service.me : Promise.reject(new TypeError('Failed to fetch'))));
  await show(service, '/');
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Le service ne répond pas.');
  expect(await findings()).toEqual([]);

  isUp = true;
  await user.click(screen.getByRole('button', { name: 'Réessayer' }));

  expect(await screen.findByRole('searchbox')).toBeTruthy();
});

test.each(BOTH)('an address that leads nowhere says so and leads home (%s)', async (language) => {
  await show(new Service(), '/nowhere/at/all', language);

  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(said(language, 'Cette page n’existe pas.', 'There is no such page.'));
  const home = screen.getAllByRole('link', { name: said(language, 'Accueil', 'Home') }).at(-1);
  expect(home?.getAttribute('href')).toBe('/');
  expect(await findings()).toEqual([]);
});

test.each([
  [404, 'session.unknown', 'Le lien est faux'],
  [403, 'access.forbidden', 'Votre rôle'],
])('a session that cannot be shown (%s %s) says why, and leads home', async (status, code, words) => {
  const service = new Service();
  service.on(new RegExp(`GET /v1/sessions/${service.session}$`), () => problem(status, code));
  await contact(service);

  expect(await screen.findByText(new RegExp(words))).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Accueil' }));

  expect(location.pathname).toBe('/');
});

test('one key opens the help, and Escape’s close leaves the page as it was', async () => {
  await contact(new Service(), 'en');

  await user.keyboard('?');
  const help = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
  expect(within(help).getByText('None of these')).toBeTruthy();
  help.dispatchEvent(new Event('close'));

  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
});

test('single keys do nothing while one types, nor once they are switched off', async () => {
  const service = new Service();
  await contact(service, 'en');
  await user.click(screen.getByRole('textbox', { name: 'Write a note' }));
  await user.keyboard('tf?');
  expect(screen.queryByRole('dialog')).toBeNull();
  cleanup();

  const other = new Service();
  other.me = { ...other.me, preferences: { singles: false } };
  await contact(other, 'en');
  (document.activeElement as HTMLElement | null)?.blur();
  await user.keyboard('tf?');
  expect(screen.queryByRole('dialog')).toBeNull();
  await user.keyboard('{Control>}k{/Control}');
  expect(await screen.findByRole('dialog', { name: 'Go to' })).toBeTruthy();
});

test('contacts stand in tabs, one key turns to the next, and a tab is closed', async () => {
  const service = new Service();
  service.mine = [listed('ses_other', { title: 'Remboursement' })];
  await contact(service);
  const tabs = screen.getByRole('navigation', { name: 'Contacts ouverts' });
  expect(within(tabs).getByRole('link', { name: 'Suivi de livraison' }).getAttribute('aria-current')).toBe('page');

  await user.click(screen.getByRole('link', { name: /Parcours/ }));
  await user.click(await within(screen.getByRole('complementary')).findByRole('button', { name: /Remboursement/ }));
  expect(location.pathname).toBe('/s/ses_other');
  expect(within(tabs).getAllByRole('link')).toHaveLength(2);
  await user.keyboard('{Alt>}{ArrowDown}{/Alt}');
  expect(location.pathname).toBe(`/s/${service.session}`);
  await user.click(within(tabs).getByRole('button', { name: /Remboursement/ }));

  expect(within(tabs).getAllByRole('link').map((one) => one.textContent?.trim())).toEqual(['Suivi de livraison']);
});

test('whoever signs out leaves nothing in the browser', async () => {
  const service = new Service();
  await contact(service);
  await user.type(screen.getByRole('textbox', { name: 'Écrire une note' }), 'à rappeler');
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).toContain('à rappeler');

  await user.click(screen.getByText('Ana Martin', { selector: 'summary *' }));
  await user.click(screen.getByRole('button', { name: 'Se déconnecter' }));

  await expect.poll(() => location.pathname).toBe('/sign-in');
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain('à rappeler');
});
