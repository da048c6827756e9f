import { mount } from 'svelte';
import '../styles/base.css';
import Care from './Care.svelte';

const target = document.getElementById('app');
if (target !== null) {
  mount(Care, {
    target,
    props: {
      fragment: location.hash,
      language: navigator.language.startsWith('fr') ? 'fr' : 'en',
    },
  });
  // Another link pasted into the same page is another link.
  addEventListener('hashchange', () => location.reload());
}
