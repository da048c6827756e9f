import { mount } from 'svelte';
import Care from './Care.svelte';

const target = document.getElementById('app');
if (target !== null) {
  mount(Care, { target });
}
