import { expect, test } from 'vitest';
import { HOST_TYPES, isOrigin, Line, messageOf, type Message } from './protocol';

const HOST = 'https://crm.example';

test.each([
  [{ v: 1, type: 'end', id: 'a' }, true],
  [{ v: 1, type: 'end', id: 'a', more: 1 }, true],
  [{ v: 2, type: 'end', id: 'a' }, false],
  [{ v: 1, type: 'ready', id: 'a' }, false],
  [{ v: 1, type: 'toString', id: 'a' }, false],
  [{ v: 1, type: 'end' }, false],
  [{ v: 1, type: 'end', id: 'a'.repeat(101) }, false],
  ['{"v":1,"type":"end","id":"a"}', false],
  [null, false],
  [[], false],
])('%o is a message to the frame: %s', (data, is) => {
  expect(messageOf(data, HOST_TYPES) !== null).toBe(is);
});

test.each([
  ['https://crm.example', true],
  ['http://127.0.0.1:8000', true],
  ['https://crm.example/', false],
  ['*', false],
  ['null', false],
  ['javascript:alert(1)', false],
  [undefined, false],
])('%s is an origin that may be spoken to: %s', (text, is) => {
  expect(isOrigin(text)).toBe(is);
});

test('a line speaks to its origin only, and hears its own window only', () => {
  const sent: unknown[][] = [];
  const heard: Message[] = [];
  const other = { postMessage: (...args: unknown[]) => void sent.push(args) };
  const line = new Line(window, other, HOST, HOST_TYPES, (message) => heard.push(message));
  const hear = (data: unknown, origin: string, source: unknown): void => {
    window.dispatchEvent(new MessageEvent('message', { data, origin, source: source as Window }));
  };

  line.say('ready' as never, { v: 9, type: 'x', height: 1 });
  hear({ v: 1, type: 'end', id: 'evil' }, 'https://evil.example', other);
  hear({ v: 1, type: 'end', id: 'other window' }, HOST, window);
  hear({ v: 1, type: 'nobody-knows', id: 'unknown' }, HOST, other);
  hear({ v: 1, type: 'end', id: 'ours' }, HOST, other);
  line.close();
  hear({ v: 1, type: 'end', id: 'late' }, HOST, other);

  expect(sent).toEqual([[expect.objectContaining({ v: 1, type: 'ready', height: 1 }), HOST]]);
  expect(heard.map(({ id }) => id)).toEqual(['ours']);
});
