import type { Catalogue } from '../say.ts';

/** What the layout of replies says, wherever they are shown. */
export const frenchLayout = {
  '(no rows)': '(aucune ligne)',
  'and {count} more: {hint}': 'et {count} de plus : {hint}',
  '(… is text cut to {width} columns; a wider window shows it)':
    '(… marque un texte coupé à {width} colonnes ; une fenêtre plus large le montre)',
  'and {count, plural, one {# more line} other {# more lines}}: ask through a pipe':
    'et encore {count, plural, one {# ligne} other {# lignes}} : redirigez la sortie (pipe) pour tout lire',
  'the whole table': 'le tableau entier',
  'the whole answer': 'la réponse entière',
  'and {count, plural, one {# more row} other {# more rows}}: the whole table is in {file}':
    'et encore {count, plural, one {# ligne} other {# lignes}} : le tableau entier est dans {file}',
  'and {count, plural, one {# more note} other {# more notes}}: all of them are in {file}':
    'et encore {count, plural, one {# remarque} other {# remarques}} : toutes sont dans {file}',
  'and {count, plural, one {# more value} other {# more values}}: all of them are in {file}':
    'et encore {count, plural, one {# valeur} other {# valeurs}} : toutes sont dans {file}',
  'and {count, plural, one {# more part} other {# more parts}}: the whole answer is in {file}':
    'et encore {count, plural, one {# partie} other {# parties}} : la réponse entière est dans {file}',
  'and {count, plural, one {# more choice} other {# more choices}}: all of them are in {file}':
    'et encore {count, plural, other {# choix}} : tous sont dans {file}',
  'and {count, plural, one {# more question} other {# more questions}} to ask: all of them are in {file}':
    'et encore {count, plural, one {# question} other {# questions}} à poser : toutes sont dans {file}',
  '({count, plural, one {# more character} other {# more characters}})':
    '({count, plural, one {# caractère de plus} other {# caractères de plus}})',
  'the rest is in {file}': 'le reste est dans {file}',
  'Where text ends with …, all of it is in {file}.': 'Là où un texte finit par …, il est en entier dans {file}.',
  'Too many or too large to come along: {names}.': 'Trop nombreux ou trop volumineux pour être joints : {names}.',
  'Warning:': 'Attention :',
  'You can also type:': 'Vous pouvez aussi taper :',
  'Demo: a simulated farm, illustrative prices.': 'Démo : ferme simulée, prix donnés à titre d’exemple.',
  'This may be a repeat: nobody could look whether it was said before.':
    'Ceci est peut-être une répétition : impossible de vérifier si cela a déjà été dit.',
} as const satisfies Catalogue;
