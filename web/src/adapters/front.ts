/** Front: the conversation's side panel. Texts go into the draft of the reply, codes become tags. */
import Front from '@frontapp/plugin-sdk';
import type { Host } from '../embed/host';
import { errorOf, openFor, type Adapted, type AdapterOptions } from './adapter';

export interface ConversationContext {
  conversation: string;
  teammate: string | null;
}

export interface FrontOptions extends AdapterOptions<ConversationContext> {
  /** The ids of Front's tags, by code: `{"paiement.cb": "tag_1"}`. Codes without one are left out. */
  tags?: Readonly<Record<string, string>>;
}

/** A single conversation of Front, as far as it is used here. */
interface Single {
  type: string;
  teammate?: { id?: string };
  conversation?: { id: string; draftId?: string };
  listMessages(): Promise<{ results: readonly { id: string }[] }>;
  createDraft(draft: object): Promise<{ id: string }>;
  updateDraft(id: string, update: object): Promise<void>;
  tag(ids: readonly string[]): Promise<void>;
}

/** Begin in a Front plugin's page; the frame follows the conversation that is selected. */
export function front(options: FrontOptions, sdk: Pick<typeof Front, 'contextUpdates'> = Front): Adapted {
  let host: Host | null = null;
  let at = '';
  let turn = 0;
  let draft: string | undefined;
  let single: Single | null = null;
  let writing = Promise.resolve();
  const report = (code: string) => (reason: unknown) => options.onerror?.(errorOf(code, reason));

  /** Put a text into the reply: at the cursor of the draft there is, else into a new reply. */
  async function write(text: string): Promise<void> {
    if (single === null) return;
    const content = { body: text, type: 'text' };
    if (draft !== undefined) {
      await single.updateDraft(draft, { updateMode: 'insert', content });
      return;
    }
    const { results } = await single.listMessages();
    const original = results.at(-1)?.id;
    const made = await single.createDraft({
      content,
      ...(original === undefined ? {} : { replyOptions: { type: 'reply', originalMessageId: original } }),
    });
    draft = made.id;
  }
  // One after the other: two texts at once would begin two drafts.
  const append = (text: string): void => {
    writing = writing.then(() => write(text)).catch(report('front.draft'));
  };

  async function follow(context: Single): Promise<void> {
    single = context.type === 'singleConversation' ? context : null;
    const conversation = single?.conversation;
    draft = conversation?.draftId ?? (conversation?.id === at ? draft : undefined);
    if ((conversation?.id ?? '') === at) return;
    at = conversation?.id ?? '';
    turn += 1;
    const mine = turn;
    host?.remove();
    host = null;
    if (conversation === undefined) return;
    const opened = await openFor(
      options,
      { conversation: conversation.id, teammate: context.teammate?.id ?? null },
      {
        onsay: append,
        onoutcome: (outcome) => {
          append(outcome.summary);
          const codes = [...outcome.codes.declaration, ...outcome.codes.qualification, ...outcome.codes.action];
          const tags = codes.flatMap((code) => options.tags?.[code] ?? []);
          if (tags.length > 0) single?.tag(tags).catch(report('front.tags'));
        },
      },
    );
    // Another conversation was selected while the token was on its way.
    if (mine === turn) host = opened;
    else opened?.remove();
  }

  const subscription = sdk.contextUpdates.subscribe((context) => {
    void follow(context as unknown as Single);
  });
  return {
    get host() {
      return host;
    },
    close() {
      subscription.unsubscribe();
      turn += 1;
      host?.remove();
    },
  };
}
