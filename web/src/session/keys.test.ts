// @vitest-environment node
import { expect, test } from 'vitest';
import { newKey } from './keys';

test('two intentions never share a key', () => {
  expect(newKey()).not.toBe(newKey());
});
