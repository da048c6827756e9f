/** What the controls say, French and English; `{limit}` is filled in. */
import { spaced } from '../texts/spacing';
import { isFrench, type Trouble } from './field';

const WORDS = {
  'answer.missing': ['Une réponse est attendue.', 'An answer is expected.'],
  'answer.too-short': ['Il faut au moins {limit} caractères.', 'At least {limit} characters are needed.'],
  'answer.too-long': ['Il faut au plus {limit} caractères.', 'At most {limit} characters are allowed.'],
  'answer.several-lines': ['Écrivez sur une seule ligne.', 'Write on a single line.'],
  'answer.bad-form': [
    'Cette réponse n’a pas la forme attendue : {limit}.',
    'This answer does not have the form expected: {limit}.',
  ],
  'answer.too-few': ['Choisissez-en au moins {limit}.', 'Choose at least {limit}.'],
  'answer.too-many': ['Choisissez-en au plus {limit}.', 'Choose at most {limit}.'],
  'answer.not-a-number': [
    'Écrivez un nombre en chiffres, par exemple 12,5.',
    'Write a number in figures, such as 12.5.',
  ],
  'answer.not-whole': ['Écrivez un nombre entier, sans virgule.', 'Write a whole number, without decimals.'],
  'answer.too-many-decimals': [
    'Gardez au plus {limit} chiffres après la virgule.',
    'Keep at most {limit} figures after the point.',
  ],
  'answer.too-small': ['La valeur minimale est {limit}.', 'The least value allowed is {limit}.'],
  'answer.too-large': ['La valeur maximale est {limit}.', 'The greatest value allowed is {limit}.'],
  'answer.not-an-amount': ['Écrivez un montant, par exemple {limit}.', 'Write an amount, such as {limit}.'],
  'answer.other-currency': ['La devise attendue est {limit}.', 'The currency expected is {limit}.'],
  'answer.not-a-date': [
    'Écrivez une date : jour, mois, année, par exemple 31/10/2026.',
    'Write a date: day, month, year, such as 31/10/2026.',
  ],
  'answer.not-a-time': ['Écrivez une heure, par exemple 14h30.', 'Write an hour of the day, such as 14:30.'],
  'answer.too-early': ['Au plus tôt : {limit}.', 'The earliest allowed is {limit}.'],
  'answer.too-late': ['Au plus tard : {limit}.', 'The latest allowed is {limit}.'],
  'answer.not-a-period': ['Donnez les deux dates : le début et la fin.', 'Give both dates: the first and the last.'],
  'answer.ends-before-it-begins': [
    'La fin vient avant le début : corrigez l’une des deux dates.',
    'It ends before it begins: correct one of the two dates.',
  ],
  'answer.not-a-phone': [
    'Écrivez un numéro de téléphone, par exemple {limit}, ou +33… pour l’international.',
    'Write a phone number, such as {limit}, or +44… for one abroad.',
  ],
  'answer.not-an-email': [
    'Écrivez une adresse électronique entière, par exemple nom@exemple.fr.',
    'Write a whole e-mail address, such as name@example.org.',
  ],
  'answer.part-missing': ['Il manque : {limit}.', 'Missing: {limit}.'],
  'answer.bad-postcode': [
    'Ce code postal n’a pas la forme attendue dans ce pays.',
    'This postcode does not have the form expected in that country.',
  ],
  'answer.bad-identifier': [
    'Ce numéro ({limit}) est incomplet ou contient une faute de frappe.',
    'This number ({limit}) is incomplete or mistyped.',
  ],
  'answer.other-media-type': ['Types de fichiers acceptés : {limit}.', 'The file types accepted are: {limit}.'],
  'answer.file-too-large': ['Le fichier est trop lourd : {limit} au plus.', 'The file is too large: {limit} at most.'],
  'answer.not-data': [
    'Ces données ne sont pas bien formées : écrivez-les en JSON.',
    'These data are not well formed: write them as JSON.',
  ],
  'answer.in-item': ['Un élément est à corriger ci-dessous.', 'An item below needs a correction.'],
  add: ['Ajouter', 'Add'],
  agree: ['J’accepte', 'I agree'],
  already: ['Déjà connu', 'Already known'],
  amount: ['Montant', 'Amount'],
  before: ['Votre réponse d’avant', 'Your earlier answer'],
  brought: ['Déjà dit pendant ce contact', 'Said already during this contact'],
  chosen: ['{limit} choisis', '{limit} chosen'],
  city: ['Ville', 'Town'],
  confirm: ['Confirmer', 'Confirm'],
  country: ['Pays', 'Country'],
  currency: ['Devise', 'Currency'],
  data: ['Données, en JSON', 'Data, as JSON'],
  file: ['Choisir un fichier', 'Choose a file'],
  fileKept: [
    'Le fichier n’est pas envoyé d’ici : rangez-le à l’endroit habituel et donnez sa référence.',
    'The file is not sent from here: keep it in its usual place and give its reference.',
  ],
  fileNot: [
    'Un fichier ne peut pas être envoyé d’ici. Continuez sans lui si la question est facultative, sinon demandez à parler à une personne.',
    'A file cannot be sent from here. Go on without it where the question is optional, else ask to talk to a person.',
  ],
  fileName: ['Nom du fichier', 'File name'],
  fileRef: ['Référence du fichier', 'File reference'],
  filter: ['Filtrer la liste', 'Filter the list'],
  found: ['{limit} choix', '{limit} options'],
  foundNone: ['Rien ne correspond. Effacez des lettres.', 'Nothing matches. Delete some letters.'],
  from: ['Du', 'From'],
  hide: ['Masquer', 'Hide'],
  item: ['Élément {limit}', 'Item {limit}'],
  left: ['Caractères restants : {limit}', 'Characters left: {limit}'],
  over: ['Caractères en trop : {limit}', 'Characters too many: {limit}'],
  line1: ['Numéro et rue', 'Number and street'],
  line2: ['Complément', 'Flat, building'],
  masked: ['Valeur masquée', 'Masked value'],
  name: ['Nom', 'Name'],
  no: ['Non', 'No'],
  orConfirm: ['à confirmer, ou donnez une autre réponse', 'confirm, or give another answer'],
  optional: ['facultatif', 'optional'],
  pickDay: ['Choisir dans le calendrier (Alt+↓)', 'Pick from the calendar (Alt+↓)'],
  postcode: ['Code postal', 'Postcode'],
  refuse: ['Je refuse', 'I refuse'],
  region: ['Région', 'Region'],
  remove: ['Retirer', 'Remove'],
  reveal: ['Afficher', 'Show'],
  sending: ['Envoi du fichier…', 'Sending the file…'],
  notSent: [
    'Le fichier n’a pas pu être envoyé : le service est injoignable. Il repartira dès que le réseau reviendra.',
    'The file could not be sent: the service cannot be reached. It goes again as soon as the network is back.',
  ],
  sendAgain: ['Renvoyer {limit}', 'Send {limit} again'],
  to: ['Au', 'To'],
  toConfirm: ['continuez pour confirmer, ou modifiez', 'go on to confirm, or change it'],
  understood: ['Compris : {limit}', 'Understood: {limit}'],
  yes: ['Oui', 'Yes'],
} as const;

export type Word = keyof typeof WORDS;

/** One wording in a language, with what it speaks of. */
export function word(name: Word, language: string, limit: string | number = ''): string {
  return (isFrench(language) ? spaced(WORDS[name][0]) : WORDS[name][1]).replace('{limit}', String(limit));
}

/** What is wrong and what to do, in a language. */
export const says = (trouble: Trouble, language: string): string =>
  trouble.code in WORDS
    ? word(trouble.code as Word, language, trouble.limit)
    : word('answer.missing', language);

/** How long ago: `il y a 3 jours`, `3 days ago`. */
export function ago(at: number, now: number, language: string): string {
  const spans = [
    ['year', 31_536_000],
    ['month', 2_592_000],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  const seconds = Math.round((at - now) / 1000);
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  for (const [unit, size] of spans) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(0, 'minute');
}
