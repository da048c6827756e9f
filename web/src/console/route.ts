/** Which page an address names, and where to go once signed in. */

export type Route =
  | { page: 'home' }
  | { page: 'incidents' }
  | { page: 'promises' }
  | { page: 'messages'; message: string | null }
  | { page: 'samples'; sample: string | null }
  | { page: 'launch' }
  | { page: 'sign-in'; next: string; error: string | null }
  | { page: 'session'; session: string }
  | { page: 'unknown' };

export function routeOf(at: { pathname: string; search: string }): Route {
  const session = /^\/s\/([\w-]{1,255})\/?$/.exec(at.pathname)?.[1];
  if (session !== undefined) {
    return { page: 'session', session };
  }
  if (/^\/sign-in\/?$/.test(at.pathname)) {
    return { page: 'sign-in', next: nextOf(at.search), error: new URLSearchParams(at.search).get('error') };
  }
  if (/^\/incidents\/?$/.test(at.pathname)) {
    return { page: 'incidents' };
  }
  if (/^\/promises\/?$/.test(at.pathname)) {
    return { page: 'promises' };
  }
  const message = /^\/messages(?:\/([\w-]{1,255}))?\/?$/.exec(at.pathname);
  if (message !== null) {
    return { page: 'messages', message: message[1] ?? null };
  }
  const sample = /^\/samples(?:\/([\w-]{1,255}))?\/?$/.exec(at.pathname);
  if (sample !== null) {
    return { page: 'samples', sample: sample[1] ?? null };
  }
  if (/^\/launch\/?$/.test(at.pathname)) {
    return { page: 'launch' };
  }
  return at.pathname === '/' ? { page: 'home' } : { page: 'unknown' };
}

/** Where to go after signing in: a page of ours, whatever the address says. */
function nextOf(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  return /^\/(?:s\/[\w-]{1,255}|incidents|promises|(?:messages|samples)(?:\/[\w-]{1,255})?|launch)?$/.test(next) ? next : '/';
}
