/** A key for one intention: whoever sends it again, sends the same (the service then answers as it did). */
export function newKey(): string {
  return crypto.randomUUID();
}
