/** Codes to resume with: shown, said, written. */
export const codes = {
  'bar.code': 'Code to resume…',
  'code.title': 'Code to resume with',
  'code.how': 'With this code the customer or a colleague goes on where the session stands, on another channel. It replaces the one before.',
  'code.until': 'Good until {when}',
  'code.enter': 'Were you told a code?',
  'code.go': 'Go on',
};
