import { mount } from 'svelte';
import '../styles/base.css';
import Console from './Console.svelte';

const target = document.getElementById('app');
if (target !== null) {
  mount(Console, { target });
}
