import type { Catalogue } from '../../src/chat/languages/say.ts';

export const frenchStatus = {
  'Rigs and GPUs by work state, power, hashrate, money per day now, data quality':
    'Rigs et GPU par état, puissance, hashrate, argent par jour en ce moment, qualité des données',
  '{where}: {gpus} on {rigs}, {mining, number} mining, {rented, number} rented, {idle, number} idle; net now {net}.':
    '{where} : {gpus} sur {rigs}, {mining, number} en minage, {rented, plural, one {# loué} other {# loués}}, {idle, plural, one {# inactif} other {# inactifs}} ; net en ce moment : {net}.',
  '{where}: {gpus} on {rigs}, {mining, number} mining, {rented, number} rented, {idle, number} idle, and {asics}, {hashing, number} mining; net now {net}.':
    '{where} : {gpus} sur {rigs}, {mining, number} en minage, {rented, plural, one {# loué} other {# loués}}, {idle, plural, one {# inactif} other {# inactifs}}, et {asics}, {hashing, number} en minage ; net en ce moment : {net}.',
  'Power of ASICs at the wall': 'Puissance des ASIC à la prise',
  'not in the net, nor in the power of the facility: {asics}':
    'hors du net et de la puissance de l’installation : {asics}',
  'not in the net, nor in the power of the facility: {rigs} whose miner prints no cards':
    'hors du net et de la puissance de l’installation : {rigs} dont le mineur ne publie pas de carte',
  'Per day at what is done now, est.': 'Par jour à l’activité actuelle (est.)',
  'Power at the cards': 'Puissance des cartes',
  'Power of the facility': 'Puissance de l’installation',
  '{rig}, {instance}: {message}': '{rig}, {instance} : {message}',
  '{rig}: {problem}': '{rig} : {problem}',
  '{count, plural, one {# more target} other {# more targets}} failed':
    '{count, plural, one {# autre cible a échoué} other {# autres cibles ont échoué}}',
  'not in the net: {gpus}, {reason}': 'hors du net : {gpus}, {reason}',
} as const satisfies Catalogue;
