/** Amounts as people type them: `12,50`, `12,50 €`, `80 EUR`, `£12.50`. */
import { isFrench, isRecord, misread, type Form, type Json, type Reading } from '../field';
import { showDecimal, spokenDecimal, writeDecimal } from './number';

const SYMBOLS: Record<string, string> = {
  EUR: '€',
  GBP: '£',
  USD: '$',
  JPY: '¥',
  CAD: 'CA$',
};
const NO_COIN = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF';
const THREE = 'BHD IQD JOD KWD LYD OMR TND';

/** The currencies in use. Source: ISO 4217. */
export const CURRENCIES: readonly string[] = (
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP ' +
  'BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP ' +
  'GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR ' +
  'KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK ' +
  'MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR ' +
  'SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS ' +
  'UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW'
).split(' ');

/** How many decimals an amount of a currency has. Source: ISO 4217. */
export const coins = (currency: string): number =>
  NO_COIN.includes(currency) ? 0 : THREE.includes(currency) ? 3 : 2;

export const symbol = (currency: string): string => SYMBOLS[currency] ?? currency;

/** What is typed and its currency, given before or after it; `chosen` where none is. */
function parted(text: string, chosen: string): [string, string] {
  const said = text.trim();
  const marks: [string, string][] = CURRENCIES.map((code) => [code, code]);
  for (const [code, mark] of Object.entries(SYMBOLS)) marks.unshift([mark, code]);
  marks.sort(([one], [other]) => other.length - one.length);
  const upper = said.toUpperCase();
  for (const [mark, code] of marks) {
    if (upper.startsWith(mark)) return [said.slice(mark.length), code];
    if (upper.endsWith(mark)) return [said.slice(0, -mark.length), code];
  }
  return [said, chosen];
}

/** Understand an amount; `chosen` is its currency where the text names none. */
export function readMoney(text: string, form: Form, language: string, chosen = 'EUR'): Reading {
  const [said, currency] = parted(text, form.currency ?? chosen);
  const decimal = spokenDecimal(said, language);
  if (decimal === null) return misread('answer.not-an-amount', example(form, language));
  const amount = canonical(decimal, coins(currency));
  const value: Json = { amount, currency };
  if (form.currency !== undefined && currency !== form.currency) {
    return { ...misread('answer.other-currency', form.currency), value };
  }
  const limit = (bound: number | string): string =>
    showMoney({ amount: canonical(String(bound), coins(currency)), currency }, language);
  if ((amount.split('.')[1] ?? '').length > coins(currency)) {
    return { ...misread('answer.too-many-decimals', String(coins(currency))), value };
  }
  if (form.min !== undefined && Number(amount) < Number(form.min)) {
    return { ...misread('answer.too-small', limit(form.min)), value };
  }
  if (form.max !== undefined && Number(amount) > Number(form.max)) {
    return { ...misread('answer.too-large', limit(form.max)), value };
  }
  return { value };
}

export const example = (form: Form, language: string): string =>
  showMoney(
    { amount: canonical('12.5', coins(form.currency ?? 'EUR')), currency: form.currency ?? 'EUR' },
    language,
  );

/** An amount with its currency's decimals, where none that counts would go; zero has no sign. */
function canonical(decimal: string, decimals: number): string {
  const sign = /^-.*[1-9]/.test(decimal) ? '-' : '';
  const [whole = '0', rest = ''] = decimal.replace('-', '').split('.');
  const kept = rest.replace(/0+$/, '').padEnd(decimals, '0');
  const cut = whole.replace(/^0+(?=\d)/, '');
  return sign + cut + (kept === '' ? '' : `.${kept}`);
}

export const writeMoney = (value: Json, language: string): string =>
  isRecord(value) && typeof value.amount === 'string' ? writeDecimal(value.amount, language) : '';

export function showMoney(value: Json, language: string): string {
  if (!isRecord(value)) return '';
  const mark = symbol(String(value.currency));
  const shown = showDecimal(String(value.amount), language);
  if (isFrench(language)) return `${shown}\u00a0${mark}`;
  const gap = /^[A-Z]+$/.test(mark) ? '\u00a0' : '';
  return shown.startsWith('-') ? `-${mark}${gap}${shown.slice(1)}` : mark + gap + shown;
}
