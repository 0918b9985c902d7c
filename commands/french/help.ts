import type { Catalogue } from '../../src/chat/languages/say.ts';

export const frenchHelp = {
  'What can be asked, with examples': 'Ce que l’on peut demander, avec des exemples',
  'a command, or a word that means one': 'une commande, ou un mot qui en désigne une',
  viewer: 'lecteur',
  operator: 'opérateur',
  admin: 'administrateur',
  '{role}, audited': '{role}, action consignée',
  Command: 'Commande',
  'What it answers': 'À quoi elle répond',
  Who: 'Qui',
  'For example': 'Par exemple',
  'Other words': 'Autres mots',
  'You type': 'Vous tapez',
  'It means': 'Cela signifie',
  'Options are name:value; a value with spaces stands in "quotes".':
    'Les options s’écrivent nom:valeur ; une valeur avec des espaces se met entre "guillemets".',
  "{count, number} commands; help and a command's name shows its options.":
    '{count, plural, one {# commande} other {# commandes}} ; help suivi du nom d’une commande montre ses options.',
  'About {command}': 'Aide : {command}',
  '{command}: {summary}.': '{command} — {summary}.',
  Type: 'À taper',
  Also: 'Aussi',
  Example: 'Exemple',
  required: 'obligatoire',
  '{option}: may be left out': '« {option}: » peut être omis',
  Options: 'Options',
  Option: 'Option',
  'What it does': 'Ce qu’elle fait',
} as const satisfies Catalogue;
