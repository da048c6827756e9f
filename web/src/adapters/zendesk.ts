/** Zendesk: a ticket's sidebar. Texts go into the comment, codes into the ticket's custom fields. */
import ZAFClient from 'zendesk_app_framework_sdk';
import type { Host } from '../embed/host';
import { codesIn, errorOf, openFor, type Adapted, type AdapterOptions } from './adapter';

export interface TicketContext {
  ticket: string | null;
  subdomain: string | null;
}

export interface ZendeskOptions extends AdapterOptions<TicketContext> {
  /** The ids of the ticket's custom fields that take the codes, by axis: `{qualification: 360001}`. */
  fields?: Partial<Record<'declaration' | 'qualification' | 'action' | 'outcome', string | number>>;
}

/** Zendesk's client, as far as it is used here. */
export interface ZafClient {
  context(): Promise<{ ticketId?: number | string; account?: { subdomain?: string } }>;
  get(paths: string[]): Promise<Record<string, unknown>>;
  set(values: Record<string, unknown>): Promise<unknown>;
  invoke(name: string, ...args: unknown[]): Promise<unknown>;
}

const AXES = ['declaration', 'qualification', 'action'] as const;

/** Begin in a Zendesk app's page. `client` is the app's own, where it has one already. */
export async function zendesk(
  options: ZendeskOptions,
  client: ZafClient | false = ZAFClient.init() as ZafClient | false,
): Promise<Adapted> {
  if (client === false) throw new Error('Not inside Zendesk: its address brings `origin` and `app_guid`.');
  const report = (code: string) => (reason: unknown) => options.onerror?.(errorOf(code, reason));
  const context = await client.context();
  const known = await client.get(['ticket.id', 'currentUser.locale']);
  const ticket = context.ticketId ?? known['ticket.id'];
  const locale = known['currentUser.locale'];
  const append = (text: string): void => {
    client.invoke('comment.appendText', text).catch(report('zendesk.comment'));
  };
  const host: Host | null = await openFor(
    options,
    {
      ticket: ticket === undefined || ticket === null ? null : String(ticket),
      subdomain: context.account?.subdomain ?? null,
    },
    {
      ...(typeof locale === 'string' ? { language: locale.slice(0, 2).toLowerCase() } : {}),
      onsay: append,
      onresize: (height) => {
        client.invoke('resize', { width: '100%', height: `${Math.ceil(height)}px` }).catch(report('zendesk.resize'));
      },
      onoutcome: (outcome) => {
        append(outcome.summary);
        const values: Record<string, string> = {};
        for (const axis of AXES) {
          const id = options.fields?.[axis];
          if (id !== undefined) values[`ticket.customField:custom_field_${id}`] = codesIn(outcome, axis);
        }
        if (options.fields?.outcome !== undefined) {
          values[`ticket.customField:custom_field_${options.fields.outcome}`] = outcome.outcome ?? '';
        }
        if (Object.keys(values).length > 0) client.set(values).catch(report('zendesk.fields'));
      },
    },
  );
  return { host, close: () => host?.remove() };
}
