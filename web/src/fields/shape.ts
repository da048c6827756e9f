/** What a question looks like: a line, options, parts, a group; the same for every kind of page. */
import { isRecord, misread, same, type Field, type Form, type Json, type Trouble } from './field';
import { given, lineOf, type Look } from './lines';
import { word, type Word } from './words';

export type Shape = 'line' | 'options' | 'many' | 'parts' | 'group';

const SHAPES: Readonly<Record<string, Shape>> = {
  choice: 'options',
  yes_no: 'options',
  rating: 'options',
  consent: 'options',
  multiple: 'many',
  period: 'parts',
  address: 'parts',
  file: 'parts',
  group: 'group',
};

export const shapeOf = (field: Field): Shape => SHAPES[field.type] ?? 'line';

/** Whether one begins it by typing: a digit pressed there is a part of the answer, and no shortcut. */
export const isWritten = (field: Field): boolean =>
  ['line', 'parts', 'group'].includes(shapeOf(field)) && field.type !== 'file';

/** One option as it is put, and what choosing it answers. */
export interface Choice {
  id: string;
  label: string;
  value: Json;
}

/** The options of a question, in order; of a yes or no, a mark and a consent too. */
export function choicesOf(field: Field, look: Look, now = ''): Choice[] {
  const form = field.form ?? {};
  const named = field.options ?? [];
  switch (field.type) {
    case 'yes_no':
      return (named.length > 0 ? named : ['yes', 'no'].map((id) => ({ id, label: '' }))).map(
        ({ id, label }) => ({
          id,
          label: label || word(id === 'yes' ? 'yes' : 'no', look.language),
          value: id === 'yes',
        }),
      );
    case 'rating':
      return marks(form);
    case 'consent':
      return [true, false].map((agreed) => ({
        id: agreed ? 'agree' : 'refuse',
        label: word(agreed ? 'agree' : 'refuse', look.language),
        value: { given: agreed, text_hash: hashOf(field), at: now },
      }));
    default:
      return named.map(({ id, label }) => ({ id, label, value: id }));
  }
}

function marks(form: Form): Choice[] {
  const least = Number(form.min ?? 1);
  const most = Number(form.max ?? 5);
  return Array.from({ length: most - least + 1 }, (_, at) => {
    const id = String(least + at);
    return { id, label: form.labels?.[id] ?? '', value: least + at };
  });
}

/** The proof of the text that is agreed to, as the question's schema holds it. */
function hashOf(field: Field): Json {
  const hash = field.valid?.properties?.text_hash?.const;
  return typeof hash === 'string' ? hash : '';
}

/** Which option a value is. A consent is known by what was given, whenever that was. */
export function isChosen(field: Field, choice: Choice, value: Json | undefined): boolean {
  if (field.type === 'consent' && isRecord(value) && isRecord(choice.value)) {
    return value.given === choice.value.given;
  }
  return same(choice.value, value);
}

/** The ids chosen with one more or one less, in the order of the options. */
export function toggled(field: Field, value: Json | undefined, id: string): Json | undefined {
  const chosen = Array.isArray(value) ? value : [];
  const now = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id];
  const order = (field.options ?? []).map((option) => option.id);
  const sorted = [...now].sort((one, other) => order.indexOf(String(one)) - order.indexOf(String(other)));
  return sorted.length > 0 || field.form?.min === 0 ? sorted : undefined;
}

const ADDRESS = ['name', 'line1', 'line2', 'postcode', 'city', 'region', 'country'] as const;
const SHOWN = ['line1', 'line2', 'postcode', 'city'];
const POSTCODES: Record<string, RegExp> = {
  FR: /^\d{5}$/,
  BE: /^[1-9]\d{3}$/,
  CH: /^[1-9]\d{3}$/,
  LU: /^\d{4}$/,
  DE: /^\d{5}$/,
  ES: /^\d{5}$/,
  IT: /^\d{5}$/,
};
/** What browsers call the parts of an address, for those that are the customer's own. */
export const AUTOFILL: Record<string, string> = {
  name: 'name',
  line1: 'address-line1',
  line2: 'address-line2',
  postcode: 'postal-code',
  city: 'address-level2',
  region: 'address-level1',
  country: 'country',
};

const part = (field: Field, name: string, label: Word, language: string, type = 'text'): Field => ({
  name,
  type,
  label: word(label, language),
  required: true,
  sensitive: field.sensitive ?? false,
  form: type === 'date' ? (field.form ?? {}) : {},
});

/** The parts of an answer of several, each a question of its own. */
export function partsOf(field: Field, look: Look, value?: Json): Field[] {
  const form = field.form ?? {};
  if (field.type === 'period') {
    return [part(field, 'from', 'from', look.language, 'date'), part(field, 'to', 'to', look.language, 'date')];
  }
  if (field.type === 'file') {
    return [part(field, 'id', 'fileRef', look.language), part(field, 'name', 'fileName', look.language)];
  }
  const required = form.required_parts ?? ['line1', 'postcode', 'city'];
  const wanted = (name: string): boolean =>
    required.includes(name) ||
    SHOWN.includes(name) ||
    (name === 'country' && form.country === undefined) ||
    (isRecord(value) && value[name] !== undefined && !(name === 'country' && value[name] === form.country));
  return ADDRESS.filter(wanted).map((name) => ({
    ...part(field, name, name, look.language),
    required: required.includes(name) && !(name === 'country' && form.country !== undefined),
  }));
}

/** An answer of parts with one of them changed; undefined when nothing is left. */
export function withPart(value: Json | undefined, name: string, changed: Json | undefined): Json | undefined {
  const parts = { ...(isRecord(value) ? value : {}) };
  if (changed === undefined) delete parts[name];
  else parts[name] = changed;
  return Object.keys(parts).length > 0 ? parts : undefined;
}

/** The questions of one item of a group. */
export function itemFields(field: Field): Field[] {
  const form = field.form ?? {};
  const items = isRecord(field.valid?.items) ? field.valid.items.properties : undefined;
  return Object.entries(form.fields ?? {}).map(([name, told]) => {
    const valid = isRecord(items) && isRecord(items[name]) ? items[name] : {};
    const of = isRecord(valid.items) ? valid.items : valid;
    const ids = Array.isArray(of.enum) ? of.enum : [];
    const label = name.replace(/_/g, ' ');
    return {
      name,
      ...told,
      label: label.charAt(0).toUpperCase() + label.slice(1),
      options: ids.map((id) => ({ id: String(id), label: String(id) })),
      required: !(form.optional ?? []).includes(name),
      sensitive: field.sensitive ?? false,
      valid,
    };
  });
}

/** What is wrong with an answer as it stands, as far as can be told here; the service decides. */
export function troubleOf(field: Field, value: Json | undefined, look: Look): Trouble | undefined {
  if (value === undefined || value === null) {
    return field.required === false ? undefined : { code: 'answer.missing' };
  }
  const form = field.form ?? {};
  const line = lineOf(field);
  if (line !== undefined) {
    const currency = isRecord(value) ? String(value.currency) : undefined;
    return line.read(line.write(value, form, look), form, look, currency).trouble;
  }
  if (field.type === 'multiple') return howMany(Array.isArray(value) ? value.length : 0, form);
  if (field.type === 'group') return troubleOfGroup(field, value, look);
  if (shapeOf(field) === 'parts' && isRecord(value)) return troubleOfParts(field, value, look);
  return undefined;
}

function howMany(count: number, form: Form): Trouble | undefined {
  const least = Number(form.min ?? 1);
  if (count < least) return misread('answer.too-few', String(least)).trouble;
  if (count > Number(form.max ?? count)) return misread('answer.too-many', String(form.max)).trouble;
  return undefined;
}

function troubleOfGroup(field: Field, value: Json, look: Look): Trouble | undefined {
  const items = Array.isArray(value) ? value : [];
  const wrong = items.some((item) =>
    itemFields(field).some((one) => troubleOf(one, isRecord(item) ? item[one.name] : undefined, look)),
  );
  return wrong ? { code: 'answer.in-item' } : howMany(items.length, field.form ?? {});
}

function troubleOfParts(field: Field, value: { [part: string]: Json }, look: Look): Trouble | undefined {
  const parts = partsOf(field, look, value);
  const missing = parts.find((one) => one.required && value[one.name] === undefined);
  if (missing !== undefined) {
    return field.type === 'period'
      ? { code: 'answer.not-a-period' }
      : misread('answer.part-missing', missing.label ?? missing.name).trouble;
  }
  for (const one of parts) {
    const trouble = value[one.name] === undefined ? undefined : troubleOf(one, value[one.name], look);
    if (trouble !== undefined) return trouble;
  }
  if (field.type === 'period' && String(value.to) < String(value.from)) {
    return { code: 'answer.ends-before-it-begins' };
  }
  if (field.type === 'file') return troubleOfFile(field.form ?? {}, value, look);
  const postcode = POSTCODES[String(value.country ?? field.form?.country ?? '')];
  const written = value.postcode;
  return postcode !== undefined && typeof written === 'string' && !postcode.test(written.trim())
    ? { code: 'answer.bad-postcode' }
    : undefined;
}

function troubleOfFile(form: Form, value: { [part: string]: Json }, look: Look): Trouble | undefined {
  const types = form.media_types ?? [];
  const type = String(value.media_type ?? '');
  if (types.length > 0 && type !== '' && !types.includes(type) && !types.includes(`${type.split('/')[0]}/*`)) {
    return misread('answer.other-media-type', types.join(', ')).trouble;
  }
  if (form.max_bytes !== undefined && Number(value.size ?? 0) > form.max_bytes) {
    return misread('answer.file-too-large', showBytes(form.max_bytes, look.language)).trouble;
  }
  return undefined;
}

/** A size as people read it: `1,5 Mo`, `1.5 MB`. */
export function showBytes(bytes: number, language: string): string {
  const unit = language.startsWith('fr') ? 'o' : 'B';
  const [size, prefix] = bytes >= 1e6 ? [bytes / 1e6, 'M'] : bytes >= 1e3 ? [bytes / 1e3, 'k'] : [bytes, ''];
  const shown = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(size);
  return `${shown}\u00a0${prefix}${unit}`;
}

/** A value as people read it, whatever the type of its question. */
export function show(field: Field, value: Json | undefined, look: Look): string {
  if (value === undefined || value === null) return '…';
  const line = lineOf(field);
  if (line !== undefined) return line.show(value, field.form ?? {}, look) || String(value);
  if (field.type === 'multiple' && Array.isArray(value)) {
    return value.map((id) => labelOf(field, id)).join(', ');
  }
  if (field.type === 'group' && Array.isArray(value)) {
    const fields = itemFields(field);
    return value
      .map((item) =>
        fields
          .filter((one) => isRecord(item) && item[one.name] !== undefined)
          .map((one) => show(one, (item as { [part: string]: Json })[one.name], look))
          .join(', '),
      )
      .join(' ; ');
  }
  if (field.type === 'file' && isRecord(value)) return String(value.name ?? value.id ?? '');
  if (shapeOf(field) === 'parts' && isRecord(value)) {
    const join = field.type === 'period' ? ' → ' : ', ';
    const parts = partsOf(field, look, value).filter((one) => value[one.name] !== undefined);
    return parts.map((one) => show(one, value[one.name], look)).join(join);
  }
  if (field.type === 'rating') return `${String(value)}/${String(field.form?.max ?? 5)}`;
  const found = choicesOf(field, look).find((choice) => isChosen(field, choice, value));
  return found?.label ?? String(value);
}

const labelOf = (field: Field, id: Json): string =>
  field.options?.find((option) => option.id === id)?.label ?? String(id);

/** What is known, was said or was answered before, to confirm or change; the surest first. */
export interface Proposal {
  value: Json;
  why: 'brought' | 'before' | 'already';
  source: string | null;
  at: number | null;
}

export function proposalOf(field: Field): Proposal | undefined {
  const { known, offered, suggested } = field;
  if (offered !== undefined && offered !== null) {
    return { value: offered, why: 'brought', source: null, at: null };
  }
  if (suggested !== undefined && suggested !== null) {
    return { value: suggested, why: 'before', source: null, at: null };
  }
  return known ? { value: known.value, why: 'already', source: known.source, at: known.at } : undefined;
}

export { given };
