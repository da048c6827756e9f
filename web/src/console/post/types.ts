/** Messages by the names the pages use. */
import type { components } from '../../api/schema';

type Schemas = components['schemas'];

export type Message = Schemas['ListedMessage'];
export type WholeMessage = Schemas['WholeMessage'];
export type ReadMessage = Schemas['ReadMessage'];
export type FoundAnswer = ReadMessage['answers_found'][number];
