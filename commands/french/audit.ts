import type { Catalogue } from '../../src/chat/languages/say.ts';

export const frenchAudit = {
  'Who changed what, where and with what result': 'Qui a modifié quoi, où et avec quel résultat',
  'the id of one user': 'l’identifiant d’un utilisateur',
  'one command': 'une seule commande',
  'before a day or an instant': 'avant un jour ou un instant donné',
  'Nothing was changed.': 'Aucune modification.',
  '{count}, page {page}, the newest first.': '{count}, page {page}, de la plus récente à la plus ancienne.',
  'The last {count}, the newest first.': 'Les dernières : {count}, de la plus récente à la plus ancienne.',
  '{count}, the newest first.': '{count}, de la plus récente à la plus ancienne.',
  When: 'Quand',
  Where: 'Où',
  What: 'Quoi',
  Result: 'Résultat',
  Detail: 'Détail',
  done: 'fait',
  denied: 'refusé',
  failed: 'échec',
} as const satisfies Catalogue;
