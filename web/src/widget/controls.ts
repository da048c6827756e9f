/** A control for each answer type, without a framework; the understanding is that of `fields/`. */
import { isRecord, type Field, type Json } from '../fields/field';
import { given, lineOf, LINES, type Look } from '../fields/lines';
import {
  AUTOFILL,
  choicesOf,
  isChosen,
  itemFields,
  partsOf,
  proposalOf,
  shapeOf,
  show,
  showBytes,
  toggled,
  withPart,
} from '../fields/shape';
import { Problem } from '../api/problems';
import type { Upload } from '../session/sending';
import { CURRENCIES, symbol } from '../fields/typed/money';
import { ago, says, word } from '../fields/words';
import { button, make } from './draw';

export interface Put {
  field: Field;
  value: Json | undefined;
  look: Look;
  id: string;
  error?: string | undefined;
  autofill?: string | undefined;
  onchange: (value: Json | undefined) => void;
  /** Sends a file, and gives what answers the question. */
  upload?: Upload | undefined;
  /** Shows the question anew, with the value as it is now. */
  redraw?: () => void;
}

/** A question: its label, help, what is known, its control, what is wrong. */
export function question(put: Put): HTMLElement {
  const { field, id, look, error } = put;
  const shape = shapeOf(field);
  const label: (Node | string)[] = [field.label ?? field.name];
  if (field.required === false) label.push(make('span', { class: 'soft' }, ` (${word('optional', look.language)})`));
  const described = [field.help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  const around = [
    field.help ? make('p', { id: `${id}-help`, class: 'soft small' }, field.help) : null,
    field.type === 'consent' && field.form?.text && field.form.text !== field.label
      ? make('p', { class: 'agreed' }, field.form.text)
      : null,
    known(put),
  ];
  const wrong = error ? make('p', { id: `${id}-error`, class: 'wrong', role: 'alert' }, error) : null;
  if (shape === 'line') {
    return make('div', { class: 'field' },
      make('label', { for: id, class: 'label' }, ...label), ...around, line(put, described), wrong);
  }
  const body = shape === 'parts' ? parts(put) : shape === 'group' ? group(put) : options(put);
  return make('fieldset', { class: 'field', 'aria-describedby': described || null },
    make('legend', { class: 'label' }, ...label), ...around, body, wrong);
}

function known(put: Put): HTMLElement | null {
  const proposal = proposalOf(put.field);
  if (proposal === undefined) return null;
  const { look, field, onchange, redraw } = put;
  const told = [proposal.source, proposal.at === null ? '' : ago(proposal.at, Date.now(), look.language)].filter(Boolean);
  const shown = field.sensitive ? '••••••' : show(field, proposal.value, look);
  return make('p', { class: 'known small' },
    `${word(proposal.why, look.language)}${told.length > 0 ? ` (${told.join(', ')})` : ''} – `,
    make('strong', {}, shown), ' ',
    button(word('confirm', look.language), () => {
      onchange(proposal.value);
      redraw?.();
    }, 'small'));
}

function options({ field, value, look, id, onchange }: Put): HTMLElement {
  const many = shapeOf(field) === 'many';
  const marks = field.type === 'rating';
  const now = (): string => new Date().toISOString();
  let current = value;
  const choose = (chosen: string): void => {
    const found = choicesOf(field, look, now()).find((choice) => choice.id === chosen);
    current = many ? toggled(field, current, chosen) : found?.value;
    onchange(current);
  };
  const box = make('div', { class: marks ? 'options marks' : 'options' });
  for (const choice of choicesOf(field, look)) {
    const checked = many
      ? Array.isArray(value) && value.includes(choice.id)
      : isChosen(field, choice, value);
    box.append(make('label', { class: 'option' },
      make('input', { type: many ? 'checkbox' : 'radio', name: id, checked, onchange: () => choose(choice.id) }),
      make('span', {}, marks ? choice.id : choice.label),
      marks && choice.label ? make('span', { class: 'soft small' }, choice.label) : null));
  }
  return box;
}

function line({ field, value, look, id, autofill, onchange, error }: Put, described: string): HTMLElement {
  const form = field.form ?? {};
  const kind = lineOf(field) ?? LINES['text']!;
  const written = value === undefined || value === null ? '' : kind.write(value, form, look);
  const isFree = field.type === 'money' && form.currency === undefined;
  let chosen = isRecord(value) && typeof value['currency'] === 'string' ? value['currency'] : 'EUR';
  const understood = make('p', { class: 'soft small', id: `${id}-understood` });
  const attributes = {
    id,
    class: 'input',
    'aria-describedby': `${described} ${id}-understood`.trim(),
    'aria-invalid': error ? 'true' : null,
    'aria-required': String(field.required !== false),
    oninput: () => give(),
  };
  const isLines = form.multiline === true || kind === lineOf({ ...field, type: 'record' });
  const input = isLines
    ? make('textarea', { ...attributes, rows: 4 })
    : make('input', {
        ...attributes,
        type: field.sensitive ? 'password' : 'text',
        inputmode: kind.inputmode,
        autocomplete: field.sensitive ? 'off' : (autofill ?? kind.autocomplete ?? 'off'),
      });
  input.value = written;
  const currency = isFree
    ? make('select', { class: 'input narrow', 'aria-label': word('currency', look.language), onchange: () => {
        chosen = currency!.value;
        give();
      } }, ...CURRENCIES.map((code) => make('option', { value: code, selected: code === chosen }, code)))
    : null;
  const suffix = form.unit ?? (form.currency ? symbol(form.currency) : '');
  function give(): void {
    const reading = kind.read(input.value, form, look, chosen);
    if (isFree && isRecord(reading.value)) currency!.value = chosen = String(reading.value['currency']);
    const shown = reading.value === undefined || ECHOED.indexOf(field.type) < 0 ? '' : kind.show(reading.value, form, look);
    understood.textContent = shown === '' || shown === input.value ? '' : word('understood', look.language, shown);
    onchange(given(reading, input.value));
  }
  return make('div', { class: 'field' },
    make('div', { class: 'line' }, input, suffix ? make('span', { class: 'soft' }, suffix) : null, currency),
    understood);
}

const ECHOED = ['date', 'time'];

function parts(put: Put): HTMLElement {
  const { field, value, look, id, onchange } = put;
  let current = value;
  if (field.type === 'file') return file(put);
  const box = make('div', { class: 'parts' });
  for (const part of partsOf(field, look, value)) {
    box.append(question({
      field: part,
      value: isRecord(value) ? value[part.name] : undefined,
      look,
      id: `${id}-${part.name}`,
      autofill: AUTOFILL[part.name],
      onchange: (changed) => onchange((current = withPart(current, part.name, changed))),
    }));
  }
  return box;
}

/** A file: sent at once; what failed for want of the network is sent again by a button. */
function file({ field, value, look, id, onchange, upload }: Put): HTMLElement {
  if (upload === undefined) return make('p', { class: 'soft' }, word('fileNot', look.language));
  const said = make('p', { class: 'soft small', role: 'status' }, isRecord(value) ? String(value['name'] ?? '') : '');
  const send = async (chosen: File): Promise<void> => {
    const most = field.form?.max_bytes ?? LARGEST;
    if (chosen.size > most) {
      said.textContent = says({ code: 'answer.file-too-large', limit: showBytes(most, look.language) }, look.language);
      return;
    }
    said.textContent = word('sending', look.language);
    try {
      const reference = await upload(chosen, field.name);
      onchange(reference);
      said.textContent = chosen.name;
    } catch (error) {
      const isRefused = error instanceof Problem && !error.isPassing;
      said.replaceChildren(...(isRefused
        ? [error.detail || error.title]
        : [word('notSent', look.language), ' ', button(word('sendAgain', look.language, chosen.name), () => void send(chosen), 'small')]));
    }
  };
  const input = make('input', {
    id: `${id}-file`, class: 'input', type: 'file', 'aria-label': word('file', look.language),
    accept: field.form?.media_types?.join(',') ?? null,
    onchange: () => {
      const chosen = input.files?.[0];
      if (chosen !== undefined) void send(chosen);
    },
  });
  return make('div', {}, input, said);
}

const LARGEST = 10_485_760;

function group({ field, value, look, id, onchange, upload }: Put): HTMLElement {
  const most = Number(field.form?.max ?? 100);
  const least = Math.max(Number(field.form?.min ?? 1), 1);
  const items: (Json | undefined)[] = Array.isArray(value) ? [...value] : [];
  while (items.length < least) items.push(undefined);
  const box = make('div', { class: 'parts' });
  const give = (): void => {
    const filled = items.map((item) => item ?? {});
    while (filled.length > 0 && Object.keys(filled[filled.length - 1] as object).length === 0) filled.pop();
    onchange(filled.length > 0 ? filled : undefined);
  };
  const draw = (): void => {
    box.replaceChildren(
      ...items.map((item, at) =>
        make('fieldset', { class: 'item' },
          make('legend', { class: 'small' }, word('item', look.language, at + 1)),
          ...itemFields(field).map((one) => question({
            field: one,
            value: isRecord(item) ? item[one.name] : undefined,
            look,
            id: `${id}-${at}-${one.name}`,
            upload,
            onchange: (changed) => {
              items[at] = withPart(items[at], one.name, changed);
              give();
            },
          })),
          items.length > least ? button(word('remove', look.language), () => {
            items.splice(at, 1);
            give();
            draw();
          }, 'small') : null)),
      button(word('add', look.language), () => {
        if (items.length >= most) return;
        items.push(undefined);
        draw();
        box.querySelector<HTMLElement>('.item:last-of-type input')?.focus();
      }, 'small'));
  };
  draw();
  return box;
}
