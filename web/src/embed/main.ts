import { mount } from 'svelte';
import '../styles/base.css';
import Embed from './Embed.svelte';
import { hostOrigin } from './frame';

const target = document.getElementById('app');
const origin = hostOrigin({
  ancestorOrigins: location.ancestorOrigins,
  referrer: document.referrer,
  fragment: location.hash,
});
if (target !== null) {
  mount(Embed, {
    target,
    props: {
      fragment: location.hash,
      language: navigator.language.startsWith('fr') ? 'fr' : 'en',
      host: window.parent === window || origin === null ? null : { window: window.parent, origin },
    },
  });
  // Another link in the same frame is another session.
  addEventListener('hashchange', () => location.reload());
}
