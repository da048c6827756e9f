/** Les codes de reprise : montrés, dits, saisis. */
export const codes = {
  'bar.code': 'Code de reprise…',
  'code.title': 'Code de reprise',
  'code.how': 'Avec ce code, le client ou un collègue reprend la session où elle en est, sur un autre canal. Il remplace le précédent.',
  'code.until': 'Valable jusqu’à {when}',
  'code.enter': 'On vous dit un code ?',
  'code.go': 'Reprendre',
};
