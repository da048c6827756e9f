/** Les textes de la console. Le mot du glossaire, toujours le même ; on dit quoi faire, sans gronder. */
import { actions } from './fr/actions';
import { codes } from './fr/codes';
import { coming } from './fr/coming';
import { commands } from './fr/commands';
import { contact } from './fr/contact';
import { ending } from './fr/ending';
import { incidents } from './fr/incidents';
import { post } from './fr/post';
import { promises } from './fr/promises';
import { samples } from './fr/samples';

export const fr = { ...coming, ...codes, ...contact, ...commands, ...ending, ...incidents, ...promises, ...samples, ...actions, ...post } satisfies Record<string, string>;
