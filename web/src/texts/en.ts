/** The console's texts in English: the glossary's word, always the same one. */
import { actions } from './en/actions';
import { codes } from './en/codes';
import { coming } from './en/coming';
import { commands } from './en/commands';
import { contact } from './en/contact';
import { ending } from './en/ending';
import { incidents } from './en/incidents';
import { post } from './en/post';
import { promises } from './en/promises';
import { samples } from './en/samples';
import type { fr } from './fr';

export const en: Record<keyof typeof fr, string> = { ...coming, ...codes, ...contact, ...commands, ...ending, ...incidents, ...promises, ...samples, ...actions, ...post };
