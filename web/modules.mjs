/**
 * Builds what other people's pages load, each one file that needs nothing else: the custom element,
 * whose size is bounded, and the adapters with their host's own library.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/** Bytes after gzip. Source: the promise of the widget, 25 kB. */
const WIDGET_MOST = 25_000;
const MODULES = {
  'journey-runner': 'src/widget/runner.ts',
  'adapters/zendesk': 'src/adapters/zendesk.ts',
  'adapters/front': 'src/adapters/front.ts',
  'adapters/genesys': 'src/adapters/genesys.ts',
};
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

for (const [name, entry] of Object.entries(MODULES)) {
  await build({
    configFile: false,
    root: here('.'),
    logLevel: 'warn',
    // The vendors' libraries look for Node's `process` and `global`; a browser has neither.
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    build: {
      target: 'es2022',
      outDir: 'dist/embed',
      emptyOutDir: false,
      minify: 'oxc',
      lib: { entry: here(entry), formats: ['es'], fileName: () => `${name}.js` },
      rollupOptions: { output: { codeSplitting: false, minify: true } },
    },
  });
  const size = gzipSync(readFileSync(here(`dist/embed/${name}.js`)), { level: 9 }).length;
  console.log(`dist/embed/${name}.js ${(size / 1000).toFixed(1)} kB gzip`);
  if (name === 'journey-runner' && size > WIDGET_MOST) {
    throw new Error(`<journey-runner> takes ${size} bytes after gzip, more than ${WIDGET_MOST}.`);
  }
}
