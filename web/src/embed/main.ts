import { mount } from 'svelte';
import Embed from './Embed.svelte';

const target = document.getElementById('app');
if (target !== null) {
  mount(Embed, { target });
}
