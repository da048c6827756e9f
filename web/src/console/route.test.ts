import { expect, test } from 'vitest';
import { routeOf } from './route';

const at = (address: string): { pathname: string; search: string } => {
  const { pathname, search } = new URL(address, 'https://parcours.test');
  return { pathname, search };
};

test('an address names a page, and a session of its own', () => {
  expect(routeOf(at('/'))).toEqual({ page: 'home' });
  expect(routeOf(at('/s/ses_1'))).toEqual({ page: 'session', session: 'ses_1' });
  expect(routeOf(at('/s/a/b'))).toEqual({ page: 'unknown' });
  expect(routeOf(at('/samples'))).toEqual({ page: 'samples', sample: null });
  expect(routeOf(at('/samples/smp_1'))).toEqual({ page: 'samples', sample: 'smp_1' });
});

test('signing in leads back to the session one was at', () => {
  expect(routeOf(at('/sign-in?next=%2Fs%2Fses_1'))).toEqual({ page: 'sign-in', next: '/s/ses_1', error: null });
});

test.each(['https://evil.test/', '//evil.test', '/\\evil.test', '/s/../x', 'javascript:alert(1)'])(
  'signing in never leads elsewhere: %s',
  (next) => {
    expect(routeOf(at(`/sign-in?next=${encodeURIComponent(next)}`))).toEqual({ page: 'sign-in', next: '/', error: null });
  },
);
