// @vitest-environment node
import { expect, test } from 'vitest';
import { askedOf, callOf, isVouched } from './launch';

test('a one-time token stands behind the # and is opened at once', () => {
  const asked = askedOf({ search: '', hash: '#t=pl_x' });

  expect(asked).toEqual({ token: 'pl_x' });
  expect(isVouched({ token: 'pl_x' })).toBe(true);
});

test('an address that names a journey waits for its reader, one that names none does not', () => {
  expect(isVouched({ parameters: { call_id: '1', journey: 'parcel' } })).toBe(false);
  expect(isVouched({ parameters: { call_id: '1' } })).toBe(true);
});

test('an address without anything asks for nothing', () => {
  expect(askedOf({ search: '', hash: '' })).toBeNull();
  expect(askedOf({ search: '?CallSid=1&from=%2B336', hash: '' })).toEqual({ parameters: { CallSid: '1', from: '+336' } });
});

test('a call without a session says whose number it is', () => {
  const opened = { launch: 'l', contact: 'c', session: null, reference: { phone: '+336' }, asks: null };

  expect(callOf({ ...opened, said: { direction: 'inbound', caller: '+336', called: '+331' } }).number).toBe('+336');
  expect(callOf({ ...opened, said: { direction: 'outbound', called: '+331' } }).number).toBe('+331');
  expect(callOf({ ...opened, said: {} }).number).toBeNull();
});
