/** Elements made in one line; texts are only ever texts. */

type Child = Node | string | null | undefined | false;
type Given = Record<string, unknown>;

/** Make an element: `on…` are listeners, other functions' values are properties or attributes. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  given: Given = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value as EventListener);
    else if (key === 'value' || key === 'checked' || key === 'selected') (element as unknown as Given)[key] = value;
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

export const button = (text: string, onclick: () => void, kind = ''): HTMLButtonElement =>
  make('button', { type: 'button', class: `button ${kind}`, onclick }, text);
