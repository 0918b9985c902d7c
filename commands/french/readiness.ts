import type { Catalogue } from '../../src/chat/languages/say.ts';

export const frenchReadiness = {
  'What HPC and AI work each rig can do, what blocks it, what is unknown':
    'Quels travaux HPC et IA chaque rig peut faire, ce qui le bloque, ce qui est inconnu',
  'one rig, with all its gates': 'un seul rig, avec tous ses critères',
  'the rigs of one site': 'les rigs d’un seul site',
  'Gates of {rig}': 'Critères : {rig}',
  'the fleet': 'parc entier',
  'site {site}': 'site {site}',
  'No GPU of {where} was seen, so its share that is {tier} is unknown.':
    'Aucun GPU vu ({where}) : la part au palier « {tier} » est inconnue.',
  '{potential} of {gpus, number} GPUs in {where} could be {tier} or better as they stand; {proven} are proven, of {unknown} nothing can be said.':
    '{potential} {gpus, plural, one {du seul GPU} other {des # GPU}} ({where}) {gpus, plural, one {pourrait} other {pourraient}} atteindre en l’état le palier « {tier} » ou mieux ; prouvé : {proven} ; indéterminé : {unknown}.',
  '{tier} / unknown': '{tier} / inconnu',
  'GPUs by tier': 'GPU par palier',
  Tier: 'Palier',
  Proven: 'Prouvé',
  Potential: 'Potentiel',
  'What blocks': 'Ce qui bloque',
  Unknown: 'Inconnu',
  'readiness site:NAME, or readiness and a rig’s name': 'readiness site:NOM, ou readiness et le nom d’un rig',
  'unknown: rig silent': 'inconnu : rig muet',
  'unknown: rig down': 'inconnu : rig hors ligne',
  'The marketplace itself says: verified.': 'Selon la place de marché elle-même : machine vérifiée.',
  'The marketplace itself says: not verified.': 'Selon la place de marché elle-même : machine non vérifiée.',
  'Readiness of {rig} is unknown: none of its exporters answers.':
    '{rig} : aptitude inconnue, aucun de ses exportateurs ne répond.',
  'Readiness of {rig} is unknown: it is down.': '{rig} : aptitude inconnue, le rig est hors ligne.',
  'Readiness of {rig} is unknown: none of its cards is seen.':
    '{rig} : aptitude inconnue, aucune de ses cartes n’est vue.',
  '{rig} is {tier}; its potential is unknown, since not every card’s model is known.':
    '{rig} : palier « {tier} » ; son potentiel est inconnu, car le modèle d’au moins une carte l’est aussi.',
  '{rig} is {tier} as it stands': '{rig} : palier « {tier} » en l’état',
  '{rig} is {tier}, proven': '{rig} : palier « {tier} », prouvé',
  '{rig} is {tier}, but could be {potential} as it stands':
    '{rig} : palier « {tier} », mais pourrait atteindre en l’état le palier « {potential} »',
  '{rig} is proven {tier}, but could be {potential} as it stands':
    '{rig} : palier « {tier} » prouvé, mais pourrait atteindre en l’état le palier « {potential} »',
  '{verdict}; {criteria} {count, plural, one {blocks} other {block}} {tier}.':
    '{verdict} ; palier « {tier} » bloqué par {count, plural, one {} other {# critères : }}{criteria}.',
  'The observation is incomplete: rigs and cards may be missing.':
    'L’observation est incomplète : des rigs et des cartes peuvent manquer.',
  'Of {count, plural, one {# rig} other {# rigs}} no card is seen; no share counts them.':
    '{count, plural, one {# rig dont aucune carte n’est vue ; aucune part ne le compte} other {# rigs dont aucune carte n’est vue ; aucune part ne les compte}}.',
  'Not evaluated yet, so that nothing is proven by them: {criteria}.':
    'Critères pas encore évalués, qui ne prouvent donc rien : {criteria}.',
  'Policy {policy} of {date}; observed {age}.': 'Règles {policy} du {date} ; observé {age}.',
  'Bitpro, 2023: “between 5% and 15% of existing crypto-oriented GPUs” could convert; a quote, no measurement.':
    'Bitpro, 2023 : « entre 5 % et 15 % des GPU existants voués aux cryptomonnaies » pourraient être convertis ; une citation, pas une mesure.',
  'Gates up to {tier}': 'Critères jusqu’au palier « {tier} »',
  Gate: 'Critère',
  Found: 'Constaté',
  Needed: 'Exigé',
  Class: 'Classe',
  'passing gates and those of higher tiers: --json': 'critères remplis et ceux des paliers supérieurs (--json)',
  '{status, select, pass {pass} fail {fail} warn {warn} unknown {unknown} other {{status}}}':
    '{status, select, pass {rempli} fail {non rempli} warn {réserve} unknown {inconnu} other {{status}}}',
  '{actual} (card table)': '{actual} (tableau des cartes)',
  '{actual} ({count, number} cards)': '{actual} ({count, plural, one {# carte} other {# cartes}})',
  'not {required}': 'pas de {required}',
  SILICON: 'SILICIUM',
  HOST: 'HÔTE',
  SITE: 'SITE',
  HEALTH: 'SANTÉ',
  POLICY: 'RÈGLES',
} as const satisfies Catalogue;
