// @vitest-environment node
import { expect, test } from 'vitest';
import { parts, spoken } from './say';

test('advice in brackets is told from what is said, and never read out', () => {
  const text = "J'ai trouvé : le paiement n'est pas passé.\n(Rien n'a été débité.)\nJe peux renvoyer le lien. (Restez calme.)";

  expect(parts(text)).toEqual([
    { kind: 'said', text: "J'ai trouvé : le paiement n'est pas passé." },
    { kind: 'advice', text: "Rien n'a été débité." },
    { kind: 'said', text: 'Je peux renvoyer le lien.' },
    { kind: 'advice', text: 'Restez calme.' },
  ]);
  expect(spoken(text)).toBe("J'ai trouvé : le paiement n'est pas passé.\nJe peux renvoyer le lien.");
});

test('brackets within a sentence belong to it', () => {
  expect(parts('Le code (trois chiffres) est au dos (à droite).')).toHaveLength(1);
});
