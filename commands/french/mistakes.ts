import type { Catalogue } from '../../src/chat/languages/say.ts';

/** Phrases of mistakes in questions about the fleet: src/fleet and commands. */
export const frenchMistakesOfCommands = {
  'There is no observation of the fleet yet.': 'Il n’y a pas encore d’observation du parc.',
  'Ask again in a moment; status tells when one arrived.':
    'Réessayez dans un instant ; status dit quand il y en a une.',
  'There is no rig called "{name}".': 'Il n’y a pas de rig nommé « {name} ».',
  'There is no site called "{name}".': 'Il n’y a pas de site nommé « {name} ».',
  'There is no site "{name}".': 'Il n’y a pas de site « {name} ».',
  'Type {command} to see them.': 'Tapez {command} pour les voir.',
  'Sites are {sites}.': 'Sites : {sites}.',
  '{rig} is not at site {site}.': '{rig} ne fait pas partie du site {site}.',
  'Type readiness {rig} alone.': 'Tapez readiness {rig} seul.',
  '{date} has not begun yet in {timezone}.': 'Le {date} n’a pas encore commencé (fuseau {timezone}).',
  'Ask for today, yesterday or an earlier date.':
    'Demandez today (aujourd’hui), yesterday (hier) ou une date antérieure.',
  '"{date}" is no date.': '« {date} » n’est pas une date.',
  'Write today, yesterday or a date like {date}.':
    'Écrivez today (aujourd’hui), yesterday (hier) ou une date comme {date}.',
  'There is no page {page, number}: the last is {last, number}.':
    'Il n’y a pas de page {page, number} : la dernière est {last, number}.',
  'Type help to see all commands.': 'Tapez help pour voir toutes les commandes.',
  '{option}: not a day (2026-11-22) or an instant (2026-11-22T12:00:00Z).':
    '{option} : ce n’est ni un jour (2026-11-22) ni un instant (2026-11-22T12:00:00Z).',
  '{option}: there are at most {count, number} pages; ask with before:.':
    '{option} : il y a au plus {count, plural, one {# page} other {# pages}} ; demandez avec before:.',
} as const satisfies Catalogue;
