/** Sends a file for a question; what comes back answers it. */
import type { Client } from '../api/client';
import type { Json } from '../api/types';

export type Reference = { [part: string]: Json };
export type Upload = (file: File, question: string) => Promise<Reference>;

/** How long a file may be on its way: the largest, on a slow line. */
const PATIENCE_MS = 120_000;

/** Send a file. Sent again it is the same one, so trying again after a lost answer is safe. */
export async function sendFile(client: Client, session: string, file: File, question: string): Promise<Reference> {
  const { body } = await client.ask<Reference>(`/v1/sessions/${session}/files`, {
    method: 'POST',
    patienceMs: PATIENCE_MS,
    body: {
      question,
      name: file.name,
      media_type: /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(file.type) ? file.type : '',
      content: await base64(file),
    },
  });
  return body;
}

function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const url = reader.result as string;
      resolve(url.slice(url.indexOf(',') + 1));
    };
    reader.onerror = () => reject(reader.error ?? new Error('the file cannot be read'));
    reader.readAsDataURL(file);
  });
}
