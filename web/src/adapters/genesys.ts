/**
 * Genesys Cloud: an interaction widget. Texts go into the agent's message box.
 *
 * Its library writes no attributes: codes go to `keep`, the integrator's own server, which writes
 * them with Genesys' Platform API.
 */
import ClientApp from 'purecloud-client-app-sdk';
import type { Host } from '../embed/host';
import type { Outcome } from '../embed/protocol';
import { errorOf, openFor, type Adapted, type AdapterOptions } from './adapter';

export interface InteractionContext {
  conversation: string | null;
}

export interface GenesysOptions extends AdapterOptions<InteractionContext> {
  /** The interaction's id: `{{gcConversationId}}` in the address that Genesys opens. */
  conversation: string | null;
  /** Keeps the codes of an outcome on the interaction, through the integrator's own server. */
  keep?: (outcome: Outcome, context: InteractionContext) => Promise<void>;
}

/** Begin in a Genesys Cloud app's page. Its address brings `gcHostOrigin` and `gcTargetEnv`. */
export async function genesys(
  options: GenesysOptions,
  app: ClientApp = new ClientApp({ gcHostOriginQueryParam: 'gcHostOrigin', gcTargetEnvQueryParam: 'gcTargetEnv' }),
): Promise<Adapted> {
  const context = { conversation: options.conversation };
  let host: Host | null = null;
  app.lifecycle.addBootstrapListener(() => app.lifecycle.bootstrapped());
  app.lifecycle.addStopListener(() => {
    // The interaction is closed here: the session is put down, and kept.
    host?.end();
    app.lifecycle.stopped();
  });
  host = await openFor(options, context, {
    onsay: (text) => app.conversations.proposeInteractionMessage('insert', text),
    onoutcome: (outcome) => {
      app.conversations.proposeInteractionMessage('insert', outcome.summary);
      options.keep?.(outcome, context).catch((reason: unknown) => {
        const error = errorOf('genesys.keep', reason);
        app.alerting.showToastPopup('Parcours', error.message, { type: 'error', timeout: 0, showCloseButton: true });
        options.onerror?.(error);
      });
    },
  });
  return {
    get host() {
      return host;
    },
    close: () => host?.remove(),
  };
}
