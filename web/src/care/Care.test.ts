import axe from 'axe-core';
import { cleanup, render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import Care from './Care.svelte';
import { LinkService, question } from './service.fake';

const user = userEvent.setup();
beforeEach(() => localStorage.clear());
afterEach(cleanup);

async function opened(service: LinkService, fragment = '#t=pe_1'): Promise<void> {
  render(Care, { fragment, language: 'fr', fetch: service.fetch });
  if (service.failures.length === 0) await screen.findByRole('heading', { level: 1, name: /^(?!Ouverture)/ });
}

async function findings(): Promise<string[]> {
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
}

test('a customer walks from the link to the end, one question a screen', async () => {
  const service = new LinkService(
    [[question('order', { label: 'Commande' }), question('pieces', { label: 'Colis', type: 'number' })], [question('more', { label: 'Autre chose' })]],
    ['Quel est votre numéro ?'],
  );
  await opened(service);
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Quel est votre numéro ?');
  await user.type(screen.getByLabelText('Commande'), 'F-1042{Enter}');
  expect(screen.getByText('Question 2 sur 2')).toBeTruthy();
  expect(document.activeElement?.id).toBe('guide-title');
  await user.type(screen.getByLabelText('Colis'), '1,5{Enter}');
  await screen.findByLabelText('Autre chose');
  expect(service.answers).toEqual([{ order: 'F-1042', pieces: 1.5 }]);
  await user.type(screen.getByLabelText('Autre chose'), 'non{Enter}');
  expect(await screen.findByText('C’est terminé')).toBeTruthy();
});

test('once it is over a customer says whether the time was useful, and is not asked again', async () => {
  const service = new LinkService([]);
  await opened(service);
  expect(await screen.findByText('C’est terminé')).toBeTruthy();
  expect(await findings()).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Envoyer mon avis' }));
  expect(await screen.findByText('Répondez à une question au moins.')).toBeTruthy();
  await user.click(screen.getByLabelText('À moitié'));
  await user.click(screen.getByLabelText('Très satisfait'));
  await user.click(screen.getByLabelText('répéter'));
  service.failures = ['lost'];
  await user.click(screen.getByRole('button', { name: 'Envoyer mon avis' }));
  expect(await screen.findByText(/n’est pas parti/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Envoyer mon avis' }));
  expect(await screen.findByText('Merci, votre avis est enregistré.')).toBeTruthy();
  expect(service.opinions).toEqual([{ useful: 50, satisfaction: 5, felt: ['repetition'] }]);
  cleanup();
  await opened(service);
  expect(await screen.findByText('Merci, votre avis est enregistré.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Envoyer mon avis' })).toBeNull();
});

test('what the service refuses stays typed, with its word beside it', async () => {
  await opened(new LinkService([[question('order', { label: 'Commande' })]]));
  await user.type(screen.getByLabelText('Commande'), 'faux{Enter}');
  expect((await screen.findByRole('alert')).textContent).toBe('Refusé ici.');
  expect(screen.getByLabelText<HTMLInputElement>('Commande').value).toBe('faux');
});

test('a customer asks for a person, and is told what happens', async () => {
  await opened(new LinkService([[question('order')]], ['Quel est votre numéro ?']));
  await user.click(screen.getByRole('button', { name: 'Parler à une personne' }));
  expect(await screen.findByText('Une personne prend le relais')).toBeTruthy();
  expect(screen.queryByText('Quel est votre numéro ?')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Continuer' })).toBeNull();
});

test('a customer puts it down and takes it up again', async () => {
  const service = new LinkService([[question('order', { label: 'Commande' })]]);
  await opened(service);
  await user.click(screen.getByRole('button', { name: 'Reprendre plus tard' }));
  expect(await screen.findByText('Vos réponses sont gardées')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Reprendre maintenant' }));
  expect(await screen.findByLabelText('Commande')).toBeTruthy();
});

test('a customer who cannot answer what is to be typed says so in their own words', async () => {
  const service = new LinkService([[question('order')]]);
  await opened(service);
  await user.click(screen.getByRole('button', { name: 'Je ne peux pas répondre' }));
  await user.type(screen.getByLabelText('Dites-le avec vos mots'), 'Je cherche autre chose');
  await user.click(screen.getByRole('button', { name: 'Envoyer' }));
  await expect.poll(() => service.commands.at(-1)).toEqual({ type: 'none_of_these', text: 'Je cherche autre chose' });
});

test.each([
  [{ status: 401, code: 'link.expired' }, 'Ce lien a expiré'],
  [{ status: 401, code: 'link.unknown' }, 'Ce lien n’est pas reconnu'],
  [{ status: 403, code: 'access.origin' }, 'Ce lien ne s’ouvre pas d’ici'],
  [{ status: 409, code: 'revision.withdrawn' }, 'Cela ne s’ouvre pas'],
])('%o: %s, and a way on', async (failure, title) => {
  const service = new LinkService([[question('order', { label: 'Commande' })]]);
  service.failures = [failure];
  await opened(service);
  expect(await screen.findByRole('heading', { name: title })).toBeTruthy();
  expect(await findings()).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Réessayer maintenant' }));
  expect(await screen.findByLabelText('Commande')).toBeTruthy();
});

test('a link that was cut says to open it again', async () => {
  await opened(new LinkService([]), '');
  expect(await screen.findByRole('heading', { name: 'Ce lien est incomplet' })).toBeTruthy();
});

test('a lost connection is told while it lasts; the answer leaves when it is back', async () => {
  const service = new LinkService([[question('order', { label: 'Commande' })], [question('more', { label: 'Suite' })]]);
  await opened(service);
  service.failures = ['lost', 'lost'];
  await user.type(screen.getByLabelText('Commande'), 'F-1{Enter}');
  expect(await screen.findByText(/Connexion perdue/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Réessayer maintenant' }));
  await user.click(await screen.findByRole('button', { name: 'Réessayer maintenant' }).catch(() => document.body));
  expect(await screen.findByLabelText('Suite', {}, { timeout: 4000 })).toBeTruthy();
  expect(service.answers).toEqual([{ order: 'F-1' }]);
});

test('axe finds nothing wrong on any screen, in either language', async () => {
  const service = new LinkService([[question('order', { type: 'choice', options: [{ id: 'a', label: 'A', short: null }] })]], ['Bonjour.']);
  await opened(service);
  expect(await findings()).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'English' }));
  expect(await screen.findByRole('button', { name: 'Continue' })).toBeTruthy();
  expect(document.documentElement.lang).toBe('en');
  await user.click(screen.getByRole('button', { name: 'None of these' }));
  expect(await findings()).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Go on later' }));
  await screen.findByText('Your answers are kept');
  expect(await findings()).toEqual([]);
});

test('what anybody wrote is only ever text', async () => {
  const evil = '<img src=x onerror=alert(1)>';
  await opened(new LinkService([[question('order', { label: evil, help: evil })]], [evil]));
  expect(document.querySelector('img')).toBeNull();
});
