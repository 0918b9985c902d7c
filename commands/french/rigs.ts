import type { Catalogue } from '../../src/chat/languages/say.ts';

export const frenchRigs = {
  'A table of rigs: filter by site, state or model; sort by margin or temperature':
    'Tableau des rigs : filtrer par site, état ou modèle ; trier par marge ou température',
  'rigs in this state, or with a GPU in it': 'les rigs dans cet état, ou avec un GPU dans cet état',
  'rigs with a card of this model': 'les rigs avec une carte de ce modèle',
  'what comes first': 'critère de tri',
  'which page': 'numéro de page',
  '{rigs} at {where}, {order}.': '{rigs} ({where}), {order}.',
  '{rigs} ({what}) at {where}, {order}.': '{rigs} ({what} ; {where}), {order}.',
  'all sites': 'tous les sites',
  'by name': 'par nom',
  'by margin': 'par marge',
  'by temp': 'par température',
  'by power': 'par puissance',
  'by gpus': 'par nombre de GPU',
  up: 'en ligne',
  partial: 'partiel',
  'idle-listed': 'inactif (proposé)',
  'idle-unlisted': 'inactif (non proposé)',
  Work: 'Activité',
  'Net per day (est.)': 'Net par jour (est.)',
  'Cards’ power': 'Puissance des cartes',
  'rig down': 'rig hors ligne',
  'Next page': 'Page suivante',
  'Previous page': 'Page précédente',
  Filter: 'Filtrer',
} as const satisfies Catalogue;
