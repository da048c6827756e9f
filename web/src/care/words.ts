/** What the customer's pages say, French and English. */
import { isFrench } from '../fields/field';
import { spaced } from '../texts/spacing';
import type { Barrier } from './guest';

const WORDS = {
  title: ['Votre demande', 'Your request'],
  opening: ['Ouverture…', 'Opening…'],
  goOn: ['Continuer', 'Continue'],
  back: ['Revenir', 'Back'],
  person: ['Parler à une personne', 'Talk to a person'],
  pause: ['Reprendre plus tard', 'Go on later'],
  resume: ['Reprendre maintenant', 'Go on now'],
  none: ['Rien de tout cela', 'None of these'],
  cannot: ['Je ne peux pas répondre', 'I cannot answer'],
  noneTell: ['Dites-le avec vos mots', 'Say it in your own words'],
  send: ['Envoyer', 'Send'],
  cancel: ['Annuler', 'Cancel'],
  of: ['Question {at} sur {of}', 'Question {at} of {of}'],
  sending: ['Envoi…', 'Sending…'],
  work: ['Nous nous en occupons…', 'We are seeing to it…'],
  workMore: ['Cela prend en général quelques secondes. Vous pouvez rester ici.', 'This usually takes a few seconds. You can stay here.'],
  personTitle: ['Une personne prend le relais', 'A person takes over'],
  personMore: [
    'Vos réponses lui sont transmises : vous n’aurez pas à les répéter. Vous pouvez fermer cette page ou la garder ouverte.',
    'Your answers go with it: you will not have to repeat them. You can close this page or keep it open.',
  ],
  laterTitle: ['C’est noté', 'Noted'],
  laterMore: [
    'La suite vient plus tard, sans rien faire de votre part. Ce lien vous ramène ici.',
    'What follows comes later, with nothing for you to do. This link brings you back here.',
  ],
  pausedTitle: ['Vos réponses sont gardées', 'Your answers are kept'],
  pausedMore: ['Revenez quand vous voulez par le même lien.', 'Come back whenever you like by the same link.'],
  overTitle: ['C’est terminé', 'All done'],
  overMore: ['Vous pouvez fermer cette page.', 'You can close this page.'],
  askedPerson: ['Votre demande est transmise.', 'Your request was passed on.'],
  away: ['Connexion perdue. Ce que vous écrivez est gardé ; nouvel essai dans un instant.', 'Connection lost. What you write is kept; trying again in a moment.'],
  again: ['Réessayer maintenant', 'Try again now'],
  wrongOnes: ['Une réponse est à corriger.', 'An answer needs a correction.'],
  moved: ['Votre dossier a avancé entre-temps. Voici où il en est.', 'Your case has moved on meanwhile. Here is where it stands.'],
  insert: ['Insérer dans la réponse', 'Insert into the reply'],
  inserted: ['Inséré', 'Inserted'],
  cutTitle: ['Ce lien est incomplet', 'This link is not whole'],
  cutMore: [
    'Ouvrez-le de nouveau depuis le message reçu, ou copiez-le en entier.',
    'Open it again from the message you were sent, or copy the whole of it.',
  ],
  unknownTitle: ['Ce lien n’est pas reconnu', 'This link is not known'],
  unknownMore: [
    'Il a peut-être été retiré, ou recopié avec une faute. Demandez un nouveau lien à la personne qui vous l’a envoyé.',
    'It may have been withdrawn, or copied with a mistake. Ask whoever sent it for a new one.',
  ],
  expiredTitle: ['Ce lien a expiré', 'This link has expired'],
  expiredMore: [
    'Vos réponses sont gardées. Demandez un nouveau lien à la personne qui vous l’a envoyé : vous reprendrez où vous en étiez.',
    'Your answers are kept. Ask whoever sent it for a new one: you will go on where you were.',
  ],
  elsewhereTitle: ['Ce lien ne s’ouvre pas d’ici', 'This link does not open from here'],
  elsewhereMore: [
    'Il a été fait pour une autre page. Ouvrez-le là où il vous a été donné.',
    'It was made for another page. Open it where it was given to you.',
  ],
  refusedTitle: ['Cela ne s’ouvre pas', 'This does not open'],
  refusedMore: ['Réessayez dans un moment.', 'Try again in a moment.'],
  opinionTitle: ['Votre avis', 'Your opinion'],
  opinionUseful: ['Ce temps vous a-t-il été utile ?', 'Was this time useful to you?'],
  opinionContent: ['Êtes-vous satisfait de cet échange ?', 'Are you content with this contact?'],
  opinionFelt: ['Avez-vous dû… (plusieurs réponses possibles)', 'Did you have to… (as many as you like)'],
  opinionSend: ['Envoyer mon avis', 'Send my opinion'],
  opinionNone: ['Répondez à une question au moins.', 'Answer one question at least.'],
  opinionLost: ['Votre avis n’est pas parti. Réessayez dans un moment.', 'Your opinion did not leave. Try again in a moment.'],
  opinionThanks: ['Merci, votre avis est enregistré.', 'Thank you, your opinion is kept.'],
  opinionKept: ['Aucune de ces réponses n’est obligatoire ; elles servent aux indicateurs, sans votre nom.', 'None of these is required; they serve figures, without your name.'],
} as const;

const GRADES = {
  useful: [
    [0, 'Pas du tout', 'Not at all'],
    [25, 'Un peu', 'A little'],
    [50, 'À moitié', 'Half of it'],
    [75, 'En grande partie', 'Most of it'],
    [100, 'Entièrement', 'All of it'],
  ],
  satisfaction: [
    [1, 'Pas du tout', 'Not at all'],
    [2, 'Peu', 'Not much'],
    [3, 'Moyennement', 'Fairly'],
    [4, 'Satisfait', 'Content'],
    [5, 'Très satisfait', 'Very content'],
  ],
} as const;

/** The eight losses, as a customer would say that they felt them. */
const FELT = [
  ['queue', 'attendre au début', 'wait at the beginning'],
  ['lookup', 'attendre une recherche', 'wait for a search'],
  ['analysis', 'attendre que votre cas soit compris', 'wait for your case to be understood'],
  ['procedure', 'attendre que la marche à suivre soit trouvée', 'wait for the procedure to be found'],
  ['hold', 'patienter en attente', 'stay on hold'],
  ['transfer', 'changer d’interlocuteur', 'be passed to somebody else'],
  ['repetition', 'répéter', 'repeat yourself'],
  ['deferral', 'attendre un rappel', 'wait for a call back'],
] as const;

export const grades = (question: keyof typeof GRADES, language: string): [number, string][] =>
  GRADES[question].map(([value, fr, en]) => [value, isFrench(language) ? fr : en]);

export const felt = (language: string): [string, string][] =>
  FELT.map(([code, fr, en]) => [code, isFrench(language) ? fr : en]);

export type CareWord = keyof typeof WORDS;

export function told(name: CareWord, language: string, holes: Record<string, string | number> = {}): string {
  return (isFrench(language) ? spaced(WORDS[name][0]) : WORDS[name][1]).replace(/\{(\w+)\}/g, (_, hole: string) => String(holes[hole]));
}

/** What to say where a link opens nothing, and what to do about it. */
export const barred = (why: Barrier, language: string): { title: string; more: string } => ({
  title: told(`${why}Title`, language),
  more: told(`${why}More`, language),
});
