import { cleanup, render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LinkService, question } from '../care/service.fake';
import Embed from './Embed.svelte';

const HOST = 'https://crm.example';
const user = userEvent.setup();

beforeEach(() => {
  localStorage.clear();
  // jsdom has no layout to watch.
  vi.stubGlobal('ResizeObserver', class {
    constructor(readonly heard: () => void) {}
    observe(): void {
      this.heard();
    }
    disconnect(): void {
      // Nothing was watched.
    }
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('a text goes into the host’s reply box when the host has one and the reader says so', async () => {
  vi.stubGlobal('fetch', new LinkService([[question('order')]], ['Bonjour.']).fetch);
  const told: Record<string, unknown>[] = [];
  const parent = { postMessage: (message: Record<string, unknown>) => told.push(message) } as unknown as Window;
  render(Embed, { fragment: '#t=pe_1', language: 'fr', host: { window: parent, origin: HOST } });
  await screen.findByRole('heading', { name: 'Bonjour.' });
  expect(screen.queryByRole('button', { name: 'Insérer dans la réponse' })).toBeNull();
  window.dispatchEvent(new MessageEvent('message', {
    data: { v: 1, type: 'context', id: '1', reply: true, theme: 'dark' }, origin: HOST, source: parent,
  }));
  await user.click(await screen.findByRole('button', { name: 'Insérer dans la réponse' }));
  expect(told.at(-1)).toMatchObject({ v: 1, type: 'say', text: 'Bonjour.' });
  expect(document.documentElement.dataset['theme']).toBe('dark');
});

test('opened outside any frame, the page works and speaks to nobody', async () => {
  vi.stubGlobal('fetch', new LinkService([[question('order', { label: 'Commande' })]]).fetch);
  render(Embed, { fragment: '#t=pe_1', language: 'fr', host: null });
  expect(await screen.findByLabelText('Commande')).toBeTruthy();
});
