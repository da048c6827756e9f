/** Three pages, built apart; in development the service behind them is asked at PARCOURS_SERVICE. */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const service = process.env.PARCOURS_SERVICE ?? 'http://127.0.0.1:8000';
const persona = process.env.PARCOURS_PERSONA;
const page = (name: string): string => fileURLToPath(new URL(`${name}.html`, import.meta.url));

const asked = {
  target: service,
  // The development header stands in for a sign-in only where somebody asks for it by name.
  ...(persona === undefined ? {} : { headers: { 'X-Parcours-Actor': persona } }),
};

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2022',
    // Nothing is inlined: the pages' policy allows no `data:` script and no inline style.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: page('index'), care: page('care'), embed: page('embed') },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/v1': asked, '/sign-in/oidc': asked, '/live': asked, '/ready': asked },
  },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'jsdom',
    // One page a worker, each file in a realm of its own: half the time of a page a file.
    pool: 'vmThreads',
    setupFiles: ['src/page.fake.ts'],
    restoreMocks: true,
    // A machine that does much else is slow, and nothing is wrong with the page.
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    // Its only export answers to every name, `then` included: imported from outside, it is awaited for ever.
    server: { deps: { inline: ['@frontapp/plugin-sdk'] } },
  },
});
