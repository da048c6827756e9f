/**
 * Builds what other people's pages load, each one file that needs nothing else: the custom element,
 * whose size is bounded, and the adapters with their host's own library.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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

const packages = new Map();

for (const [name, entry] of Object.entries(MODULES)) {
  const [{ output }] = await build({
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
  for (const path of output.flatMap((chunk) => Object.keys(chunk.modules ?? {}))) {
    const found = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path.split('\\').join('/'));
    if (found) packages.set(found[1], found[0]);
  }
  const size = gzipSync(readFileSync(here(`dist/embed/${name}.js`)), { level: 9 }).length;
  console.log(`dist/embed/${name}.js ${(size / 1000).toFixed(1)} kB gzip`);
  if (name === 'journey-runner' && size > WIDGET_MOST) {
    throw new Error(`<journey-runner> takes ${size} bytes after gzip, more than ${WIDGET_MOST}.`);
  }
}

// What the adapters carry of others goes with their licences.
const notices = [...packages].sort().map(([name, folder]) => {
  const { version, license } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file !== undefined && existsSync(folder + file) ? readFileSync(folder + file, 'utf8').trim() : '';
  return `${name} ${version} ${license ?? ''}\n\n${text}`.trim();
});
writeFileSync(here('dist/embed/adapters/licences.txt'), `${notices.join('\n\n\n')}\n`);
