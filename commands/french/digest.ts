import type { Catalogue } from '../../src/chat/languages/say.ts';

export const frenchDigest = {
  "A day's AI against mining, from the ledger": 'L’IA face au minage sur une journée, d’après le registre',
  'yesterday (unless you say otherwise), today or a date like 2026-11-21':
    'yesterday (hier, par défaut), today (aujourd’hui) ou une date comme 2026-11-21',
  'one site alone': 'un seul site',
  'today ({date})': 'aujourd’hui ({date})',
  'yesterday ({date})': 'hier ({date})',
  'The ledger is empty. It grows while Rigshift runs: each hour is written some minutes after it ended, so ask again then.':
    'Le registre est vide. Il se remplit pendant que Rigshift tourne : chaque heure y est inscrite quelques minutes après sa fin ; réessayez à ce moment-là.',
  'The newest hour in the ledger begins at {instant}. Of the time before Rigshift first ran it holds only what a metrics server kept and was read back.':
    'L’heure la plus récente du registre commence le {instant}. Du temps d’avant le premier démarrage de Rigshift, il ne contient que ce qu’un serveur de métriques avait gardé et qui a été relu.',
  'The ledger holds nothing for {day}, so what it earned is unknown.':
    'Le registre ne contient rien pour {day} : ce qui a été gagné est inconnu.',
  'The ledger holds nothing of site {site} for {day}, so what it earned is unknown.':
    'Le registre ne contient rien sur le site {site} pour {day} : ce qui a été gagné est inconnu.',
  Today: 'Aujourd’hui',
  Yesterday: 'Hier',
  'Today so far': 'Depuis minuit',
  '{amount} (est.)': '{amount} (est.)',
  '{amount} (real.)': '{amount} (réal.)',
  'at least {amount}': 'au moins {amount}',
  'an unknown amount': 'un montant inconnu',
  'what is left after power is unknown': 'ce qui reste après l’électricité est inconnu',
  '{day} at {site}': '{day}, site {site}',
  '{when} AI earned {ai}, mining {mining}; {remainder}.':
    '{when} : l’IA a rapporté {ai}, le minage {mining} ; {remainder}.',
  '{when} AI earned {ai}, mining {mining}: AI is {share} of revenue; {remainder}.':
    '{when} : l’IA a rapporté {ai}, le minage {mining}, soit {share} des revenus pour l’IA ; {remainder}.',
  'of what is known, after power {amount} is left': 'sur ce qui est connu, il reste {amount} après l’électricité',
  'after power {amount} is left': 'il reste {amount} après l’électricité',
  'observed {observed} of {day}, {settled} of which are over and settled':
    'observé {observed} sur {day}, dont {settled} à titre définitif',
  'observed {observed} of {day}': 'observé {observed} sur {day}',
  'Only observed hours count here: {coverage}.': 'Les heures non observées ne comptent pas ici : {coverage}.',
  '{hours} h': '{hours} h',
  'Hardware margin': 'Marge du matériel',
  'Margin %': 'Marge (%)',
  'AI (GPU rental)': 'IA (location de GPU)',
  Neither: 'Ni l’un ni l’autre',
  Together: 'Total',
  Coverage: 'Couverture',
  'Energy at the wall': 'Énergie à la prise',
  'Best rigs, net of power': 'Meilleurs rigs, électricité déduite',
  'Worst rigs': 'Moins bons rigs',
  'Number of GPUs unknown: {rigs}.': 'Nombre de GPU inconnu : {rigs}.',
  'What {hours} rented GPU-hours earned is unknown: no price for the model, or which model is rented is not told.':
    'Revenus inconnus pour {hours} GPU-h en location : pas de prix pour le modèle, ou modèle loué non précisé.',
  'What {hours} mining GPU-hours earned is unknown: no coin or no price for the algorithm.':
    'Revenus inconnus pour {hours} GPU-h de minage : pas de cryptomonnaie ou pas de cours pour l’algorithme.',
  'Power of {hours} GPU-hours is unknown and missing in the cost: the true cost is higher.':
    'Électricité inconnue pour {hours} GPU-h, absente du coût : le vrai coût est plus élevé.',
  'What {hours} hours of mining GPUs and ASICs earned is unknown: no coin or no price for the algorithm.':
    'Revenus inconnus pour {hours} h de minage (GPU et ASIC) : pas de cryptomonnaie ou pas de cours pour l’algorithme.',
  'Power of {hours} hours of GPUs and ASICs is unknown and missing in the cost: the true cost is higher.':
    'Électricité inconnue pour {hours} h de GPU et d’ASIC, absente du coût : le vrai coût est plus élevé.',
  'ASIC-hours': 'ASIC-heures',
  'What {rig} earned on {platform} by its own counter is unknown: {reason}.':
    'Revenu inconnu pour {rig} sur {platform}, d’après son propre compteur : {reason}.',
  'What {count, plural, one {# more account or rig} other {# more accounts or rigs}} paid is unknown.':
    'Ce que {count, plural, one {# autre compte ou rig a} other {# autres comptes ou rigs ont}} versé est inconnu.',
  "AI is the growth of the rigs' own counters of revenue.":
    'Le chiffre de l’IA est la hausse des compteurs de revenus des rigs eux-mêmes.',
  'Where a rig has a meter, its power was read there for {share} of the time; else it is worked out.':
    'Là où un rig a un compteur électrique, sa puissance y est lue pendant {share} du temps ; sinon elle est calculée.',
  'What the {platform} account at {instance} paid is unknown: {reason}.':
    'Ce que le compte {platform} à {instance} a versé est inconnu : {reason}.',
  '{count, number} hours reach over an edge of the day and count in proportion: the farm’s zone has changed since.':
    '{count, plural, one {# heure dépasse un bord de la journée et compte en proportion} other {# heures dépassent un bord de la journée et comptent en proportion}} : le fuseau de la ferme a changé depuis.',
  "The day is the farm's, in {timezone}. Power is attributed to AI and mining by GPU-hours within each rig and hour; nobody measures it apart.":
    'La journée est celle de la ferme (fuseau {timezone}). L’électricité est répartie entre IA et minage selon les GPU-heures, rig par rig et heure par heure ; personne ne la mesure à part.',
  "AI is the growth of the accounts' payouts, allotted to sites and rigs by rented GPU-hours.":
    'Le chiffre de l’IA est la hausse des versements des comptes, répartie entre sites et rigs selon les GPU-heures louées.',
  'Payouts grew by {amount} (real.) while the accounts were in sight, which was not all day.':
    'Les versements ont augmenté de {amount} (réal.) tant que les comptes étaient visibles, soit une partie de la journée seulement.',
  '{count, plural, one {# more price is} other {# more prices are}} in the facts (--json).':
    '{count, plural, one {# autre prix est} other {# autres prix sont}} dans les données (--json).',
  'Assumed, because nobody said it: {assumed}.': 'Supposé, faute d’indication : {assumed}.',
  '{what}: {price} per {unit} ({source}, {age})': '{what} : {price} par {unit} ({source}, {age})',
  '{low} to {high}': '{low} à {high}',
  'no date': 'sans date',
  '{name}: {figures}': '{name} : {figures}',
  'AI against mining': 'L’IA face au minage',
} as const satisfies Catalogue;
