// @vitest-environment node
import { expect, test } from 'vitest';
import type { Incident } from '../api/types';
import { EMPTY, drafted, local, posted } from './incident';

const written = {
  ...EMPTY, title: ' Panne ', area: 'Lyon', motives: 'internet.panne, ', journeys: ['internet.panne'],
  customers: 'postcode = 69*, 38000\nnothing\n= x', fr: 'Coupé à 2 %.', frShort: 'Coupé.', nextUpdate: '2026-11-28T20:30',
};

test('a form says whom the incident concerns, and a language left empty is not said', () => {
  expect(posted(written)).toEqual({
    title: 'Panne',
    scope: {
      motives: ['internet.panne'], journeys: ['internet.panne'], channels: [],
      customers: { postcode: ['69*', '38000'] }, area: 'Lyon',
    },
    texts: { fr: { text: 'Coupé à 2 %.', channels: { sms: 'Coupé.', ivr: 'Coupé.' } } },
    ends: null,
    next_update: new Date('2026-11-28T20:30').getTime(),
  });
});

test('what was written comes back into the form as it was', () => {
  const content = { timezone: 'UTC', branch: null, begins: 0, ...posted(written) };
  const again = drafted({ draft: content, live: null } as unknown as Incident);

  expect(posted({ ...again, begins: '' })).toEqual(posted(written));
  expect(local(new Date('2026-11-28T20:30').getTime())).toBe('2026-11-28T20:30');
});
