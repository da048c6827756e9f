/** Host pages made up for tests: they answer the postMessage protocols of the vendors' real libraries. */
import { FRAME_TYPES, type Outcome } from '../embed/protocol';

export const CRM = 'https://crm.example';
export const SERVICE = 'https://parcours.example';

export const OUTCOME: Outcome = {
  session: 'ses_1',
  outcome: 'resolved',
  codes: { declaration: ['livraison.suivi'], qualification: ['transport.avarie'], action: ['geste', 'renvoi'] },
  summary: 'Suivi de livraison – résolu',
  fields: { order_id: 'F-1042' },
};

/** Put a made-up window around this one; gives a function that speaks as that window. */
export function around(post: (message: unknown, origin: string, ports: readonly MessagePort[]) => void): {
  window: object;
  say: (data: unknown, origin?: string) => void;
} {
  const parent = {
    postMessage: (message: unknown, origin: string, ports?: readonly MessagePort[]) => post(message, origin, ports ?? []),
  };
  Object.defineProperty(window, 'parent', { value: parent, configurable: true, writable: true });
  return {
    window: parent,
    say: (data, origin = CRM) => {
      window.dispatchEvent(new MessageEvent('message', { data, origin, source: parent as unknown as Window }));
    },
  };
}

/** Speak as our own framed page, which the adapter has put into the document. */
export function speakAsFrame(type: (typeof FRAME_TYPES)[number], parts: object, origin = SERVICE): void {
  const frame = document.querySelector('iframe');
  window.dispatchEvent(
    new MessageEvent('message', {
      data: { ...parts, v: 1, type, id: 'x1' },
      origin,
      source: frame?.contentWindow ?? null,
    }),
  );
}

/** Until something asked of other code is there; it fails by the test's own time limit. */
export async function until<Found>(look: () => Found | undefined | null | false | ''): Promise<Found> {
  for (;;) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
