import { cleanup, screen, waitFor } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { Problem } from '../api/problems';
import { EVERY, field, shown, user } from './questions.fake';

afterEach(cleanup);

test('a file is described here, and its reference is given by hand', async () => {
  const { given } = shown(EVERY.file!);
  await user.upload(screen.getByLabelText('Choisir un fichier'), new File(['abc'], 'a.png', { type: 'image/png' }));
  await user.type(screen.getByLabelText('Référence du fichier'), 'F1');
  await waitFor(() => expect(given.at(-1)).toEqual({
    id: 'F1',
    name: 'a.png',
    media_type: 'image/png',
    size: 3,
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  }));
});

test('a reference typed while the file is still being read is kept', async () => {
  const { given } = shown(EVERY.file!);
  const slow = new File(['abc'], 'a.png', { type: 'image/png' });
  let readNow = (): void => undefined;
  const whole = new Promise<ArrayBuffer>((resolve) => (readNow = () => resolve(new TextEncoder().encode('abc').buffer)));
  slow.arrayBuffer = () => whole;

  await user.upload(screen.getByLabelText('Choisir un fichier'), slow);
  await user.type(screen.getByLabelText('Référence du fichier'), 'F1');
  readNow();

  await waitFor(() => expect(given.at(-1)).toMatchObject({ id: 'F1', name: 'a.png', size: 3 }));
});

test('where files can be sent, the reference comes from there; a failure is told and nothing is given', async () => {
  const reference = { id: 'kept-1', name: 'a.png', media_type: 'image/png', size: 3 };
  let isUp = false;
  const { given } = shown(EVERY.file!, {
    upload: () => (isUp ? Promise.resolve(reference) : Promise.reject(new Error('down'))),
  });
  const file = new File(['abc'], 'a.png', { type: 'image/png' });
  await user.upload(screen.getByLabelText('Choisir un fichier'), file);
  expect(await screen.findByText(/n’a pas pu être envoyé/)).toBeTruthy();
  expect(given).toEqual([]);
  isUp = true;
  await user.click(screen.getByRole('button', { name: 'Renvoyer a.png' }));
  expect(given).toEqual([reference]);
});

test('a file that waits for the network goes by itself once it is back', async () => {
  let isUp = false;
  const { given } = shown(EVERY.file!, {
    upload: (file: File, question: string) => (isUp ? Promise.resolve({ id: question, name: file.name }) : Promise.reject(new Error('down'))),
  });
  await user.upload(screen.getByLabelText('Choisir un fichier'), new File(['abc'], 'a.png', { type: 'image/png' }));
  await screen.findByRole('button', { name: 'Renvoyer a.png' });
  isUp = true;
  dispatchEvent(new Event('online'));
  await waitFor(() => expect(given).toEqual([{ id: EVERY.file!.name, name: 'a.png' }]));
});

test('a file that is refused says why, and is not sent again', async () => {
  shown(EVERY.file!, { upload: () => Promise.reject(new Problem(422, 'file.other-content', 'Non', 'Ce n’est pas une image.')) });
  await user.upload(screen.getByLabelText('Choisir un fichier'), new File(['abc'], 'a.png', { type: 'image/png' }));
  expect(await screen.findByText('Ce n’est pas une image.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /Renvoyer/ })).toBeNull();
});

test('a customer is told that a file cannot be sent, where it cannot, and is asked for no reference', () => {
  shown(field('file', { required: false }), { own: true });
  expect(screen.getByText(/ne peut pas être envoyé d’ici/)).toBeTruthy();
  expect(document.querySelector('input')).toBeNull();
});
