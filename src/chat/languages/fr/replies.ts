import type { Catalogue } from '../say.ts';

/**
 * French of the trade. One word for one thing, everywhere:
 *
 * rig: rig (m.); GPU: GPU (m., no plural s); card: carte; hashrate: hashrate (m.); mining: minage; GPU rental: location de
 * GPU; rented: loué; listed: proposé (à la location); mine while idle: minage hors location; off: arrêt; break-even: seuil
 * de rentabilité; occupancy: taux d’occupation; revenue: revenus; power as money: électricité, as watts: puissance; opex:
 * charges; load of a card: utilisation; est. (estimated): est., in brackets, since « est » is a verb; real. (realised):
 * réal.; payout: versement; pool fee: frais de pool; platform fee: commission; renter side, host side: côté locataire, côté
 * hébergeur; quote: cotation; coin: cryptomonnaie; power price: prix de l’électricité; PSU: alimentation; fleet: parc; farm:
 * ferme; target: cible; exporter: exportateur; ledger: registre; digest: bilan; readiness: aptitude; tier: palier; gate:
 * critère; proven: prouvé; unknown: inconnu; down: hors ligne; idle: inactif; busy: occupé; channel: salon on Discord, canal
 * on Slack; GB, GiB: Go, Gio; Mb/s: Mbit/s. Names of commands, options and configuration keys stay as they are typed.
 *
 * No « de », « à » or article touches a name that is filled in: what begins with a vowel would want an elision. What agrees
 * with a count is chosen by it; 0 and 1 are singular. A narrow no-break space stands before : ; ? ! % and inside « »; the
 * apostrophe is ’, since ' quotes in ICU messages.
 */
export const frenchReplies = {
  unknown: 'inconnu',
  '{hashrate} of an unknown algorithm': '{hashrate} d’un algorithme inconnu',
  '{amount} B': '{amount} o',
  '{amount} KiB': '{amount} Kio',
  '{amount} MiB': '{amount} Mio',
  '{amount} GiB': '{amount} Gio',
  '{count, number} d': '{count, number} j',
  '{count, number} h': '{count, number} h',
  '{count, number} min': '{count, number} min',
  '{count, number} s': '{count, number} s',
  'in {duration}': 'dans {duration}',
  '{duration} ago': 'il y a {duration}',
  '{count, plural, one {# rig} other {# rigs}}': '{count, plural, one {# rig} other {# rigs}}',
  '{count, plural, one {# GPU} other {# GPUs}}': '{count, plural, other {# GPU}}',
  '{count, plural, one {# target} other {# targets}}': '{count, plural, one {# cible} other {# cibles}}',
  '{part, number} of {count, plural, one {# rig} other {# rigs}}':
    '{part, plural, one {# rig} other {# rigs}} sur {count, number}',
  '{part, number} of {count, plural, one {# GPU} other {# GPUs}}': '{part, number} GPU sur {count, number}',
  '{count, plural, one {# ASIC} other {# ASICs}}': '{count, plural, other {# ASIC}}',
  '{part, number} of {count, plural, one {# ASIC} other {# ASICs}}': '{part, number} ASIC sur {count, number}',
  '{count, plural, one {# change} other {# changes}}': '{count, plural, one {# modification} other {# modifications}}',
  '{part, number} of {count, plural, one {# change} other {# changes}}':
    '{part, number} sur {count, plural, one {# modification} other {# modifications}}',
  '{part, number} of {count, plural, one {# target} other {# targets}}':
    '{part, plural, one {# cible} other {# cibles}} sur {count, number}',
  down: 'hors ligne',
  rented: 'loué',
  mining: 'en minage',
  busy: 'occupé',
  'idle (listed)': 'inactif (proposé)',
  'idle (unlisted)': 'inactif (non proposé)',
  '{count, number} down': '{count, number} hors ligne',
  '{count, number} rented': '{count, plural, one {# loué} other {# loués}}',
  '{count, number} mining': '{count, number} en minage',
  '{count, number} busy': '{count, plural, one {# occupé} other {# occupés}}',
  '{count, number} idle (listed)': '{count, plural, one {# inactif (proposé)} other {# inactifs (proposés)}}',
  '{count, number} idle (unlisted)': '{count, plural, one {# inactif (non proposé)} other {# inactifs (non proposés)}}',
  '{count, number} unknown': '{count, plural, one {# inconnu} other {# inconnus}}',
  '{rigs, plural, one {# rig} other {# rigs}}{down, plural, =0 {} other {, # down}}: {mining, plural, one {# GPU} other {# GPUs}}{asics, plural, =0 {} one { and # ASIC} other { and # ASICs}} mining, {rented} rented{idle, plural, =0 {} other {, # idle}}{unseen, plural, =0 {} other {, # unknown}}':
    '{rigs, plural, one {# rig} other {# rigs}}{down, plural, =0 {} other {, # hors ligne}} : {mining, plural, other {# GPU}}{asics, plural, =0 {} other { et # ASIC}} en minage, {rented, plural, one {# loué} other {# loués}}{idle, plural, =0 {} one {, # inactif} other {, # inactifs}}{unseen, plural, =0 {} one {, # inconnu} other {, # inconnus}}',
  'the source has not answered since {since}: {reason}': 'la source ne répond plus depuis le {since} : {reason}',
  'stale: the last observation is {age}': 'périmé : dernière observation {age}',
  'the source gave a partial answer: figures are incomplete':
    'la source n’a répondu qu’en partie : les chiffres sont incomplets',
  'down: {rigs}': 'hors ligne : {rigs}',
  'no exporter answers: {rigs}': 'aucun exportateur ne répond : {rigs}',
  'only some exporters answer: {rigs}': 'une partie seulement des exportateurs répond : {rigs}',
  'number of GPUs unknown: {rigs}': 'nombre de GPU inconnu : {rigs}',
  prometheus: 'Prometheus',
  exporters: 'les exportateurs',
  'observed {age} through {source}: there are no targets': 'observé {age} via {source} ; aucune cible',
  'observed {age} through {source}: {targets} answered': 'observé {age} via {source} ; réponses : {targets}',
  Help: 'Aide',
  'Try again': 'Réessayer',
  'No answer, because {system} failed.':
    'Pas de réponse : {system, select, prometheus {panne du côté de Prometheus} exporters {panne du côté des exportateurs} store {panne du côté de la base de données} other {{system} a échoué}}.',
  'Asking again will not help before somebody mends it.': 'Inutile de réessayer tant que ce n’est pas réparé.',
  'Try again in a moment.': 'Réessayez dans un instant.',
  'Try again in {wait}.': 'Réessayez dans {wait}.',
  'Not done within {limit}: whether it will be is unknown.':
    'Pas fait au bout de {limit} : on ne sait pas si ce sera fait.',
  'Look whether it was done before you ask again.': 'Vérifiez si c’est fait avant de redemander.',
  'No answer within {limit}, so this was given up.': 'Pas de réponse au bout de {limit} : la question est abandonnée.',
  'Try again in a moment, or ask for less: one site or one rig.':
    'Réessayez dans un instant, ou demandez-en moins : un seul site ou un seul rig.',
  'No answer, because of a mistake in Rigshift ({failureId}).':
    'Pas de réponse, à cause d’une erreur dans Rigshift ({failureId}).',
  'The log says more; look for {failureId}. Other questions still work.':
    'Le journal en dit plus ; cherchez-y {failureId}. Les autres questions fonctionnent toujours.',
} as const satisfies Catalogue;
