import type { Catalogue } from '../../src/chat/languages/say.ts';

/** Phrases of prices: what they are of, their kind and their source. */
export const frenchQuotes = {
  'power {site}': 'électricité {site}',
  'rental {model}': 'location {model}',
  tariff: 'tarif',
  'exchange rate': 'taux de change',
  configuration: 'configuration',
  static: 'statique',
  assumed: 'supposé',
  coin: 'unité',
  'GPU-hour': 'GPU-heure',
  // Every digit, so that the figure can be recomputed.
  'difficulty {difficulty, number} ({unit}), {reward, number} per block, {algorithm}':
    'difficulté {difficulty, number,::.################} ({unit}), {reward, number,::.################} par bloc, {algorithm}',
  'difficulty {difficulty} ({unit}), {reward} per block, {algorithm}':
    'difficulté {difficulty} ({unit}), {reward} par bloc, {algorithm}',
  'renter side': 'côté locataire',
  'host side': 'côté hébergeur',
  'platform fee {fee, number} %': 'commission {fee, number} %',
  'platform fee {fee, number} % assumed': 'commission {fee, number} % supposée',
  'occupancy {occupancy, number} % declared': 'taux d’occupation {occupancy, number} % déclaré',
  'occupancy {occupancy, number} %': 'taux d’occupation {occupancy, number} %',
  '30 d': '30 j',
  'real.': 'réal.',
  'over {hours, number} GPU-hours': 'sur {hours, plural, one {# GPU-heure} other {# GPU-heures}}',
  '{platform}, on-demand median of offers, renter side':
    '{platform}, médiane à la demande de toutes les offres, côté locataire',
  '{platform}, on-demand median of verified offers, renter side':
    '{platform}, médiane à la demande des offres vérifiées, côté locataire',
  '{platform}, on-demand median of unverified offers, renter side':
    '{platform}, médiane à la demande des offres non vérifiées, côté locataire',
  '{platform}, on-demand median of rented offers, renter side':
    '{platform}, médiane à la demande des offres louées, côté locataire',
  '{platform}, on-demand median of rented verified offers, renter side':
    '{platform}, médiane à la demande des offres louées et vérifiées, côté locataire',
  '{platform}, on-demand median of rented unverified offers, renter side':
    '{platform}, médiane à la demande des offres louées et non vérifiées, côté locataire',
  '{platform}, on-demand median of unrented offers, renter side':
    '{platform}, médiane à la demande des offres non louées, côté locataire',
  '{platform}, on-demand median of unrented verified offers, renter side':
    '{platform}, médiane à la demande des offres non louées et vérifiées, côté locataire',
  '{platform}, on-demand median of unrented unverified offers, renter side':
    '{platform}, médiane à la demande des offres non louées et non vérifiées, côté locataire',
  'coin:{coin}': 'cours {coin}',
  'rental:{model}': 'location {model}',
  'power:{site}': 'électricité {site}',
  'fx:{pair}': 'change {pair}',
  'yield:{coin}': 'rendement {coin}',
  'pool-fee:{coin}': 'frais de pool {coin}',
  'rejects:{algorithm}': 'rejets {algorithm}',
  'fee:{model}': 'commission {model}',
  'pue:{site}': 'PUE {site}',
} as const satisfies Catalogue;
