import type { Catalogue } from '../../src/chat/languages/say.ts';

/** Phrases of why money is unknown and of what was assumed: src/fleet, src/domain/economics and src/domain/ledger. */
export const frenchReasons = {
  unknown: 'inconnu',
  'unknown model': 'modèle inconnu',
  'unknown algorithm': 'algorithme inconnu',
  'unknown algorithm of ASICs': 'algorithme d’ASIC inconnu',
  'no GPU was seen': 'aucun GPU vu',
  down: 'hors ligne',
  'a hashrate without a price': 'un hashrate sans prix',
  'rented without a quote': 'loué sans cotation',
  'power not printed': 'puissance non publiée',
  'no power price': 'pas de prix de l’électricité',
  'operations cannot be converted': 'charges non convertibles dans la devise',
  'work state unknown': 'état inconnu',
  'more cards hash than are free of rentals': 'plus de cartes minent qu’il n’y en a hors location',
  'its rig has no site, so no power price': 'son rig n’a pas de site, donc pas de prix de l’électricité',
  'no exchange rate {pair}': 'pas de taux de change {pair}',
  'no exchange rate to {currency} for operations': 'pas de taux de change vers {currency} pour les charges',
  'less is known of them than of the others': 'on en sait moins que sur les autres',
  'no coin to mine (mining.coin)': 'pas de cryptomonnaie à miner (mining.coin)',
  'no coin for algorithm {algorithm}': 'pas de cryptomonnaie pour l’algorithme {algorithm}',
  'no occupancy for {model}': 'pas de taux d’occupation pour {model}',
  'the card prints no model': 'la carte ne publie pas son modèle',
  'no rental quote for {model}': 'pas de cotation de location pour {model}',
  'no rental watts for {model}': 'pas de puissance en location pour {model}',
  'no {algorithm} hashrate for {model}': 'pas de hashrate {algorithm} pour {model}',
  'no {algorithm} hashrate for a card without a model': 'pas de hashrate {algorithm} pour une carte sans modèle',
  'no mining watts for {model}': 'pas de puissance en minage pour {model}',
  'no mining watts for a card without a model': 'pas de puissance en minage pour une carte sans modèle',
  '{watts, number} W per waiting card (operations.idleWatts is not declared)':
    '{watts, number} W par carte en attente (operations.idleWatts n’est pas déclaré)',
  'platform fee {percent, number} % of what a renter pays for {model}':
    'commission de {percent, number} % sur ce qu’un locataire paie pour {model}',
  'a rented {model} draws its TDP, {watts, number} W (operations.rentalWatts is not declared)':
    'une {model} louée consomme son TDP, {watts, number} W (operations.rentalWatts n’est pas déclaré)',
  'host power 0 W (hostWatts is not declared)': 'puissance de l’hôte de 0 W (hostWatts n’est pas déclaré)',
  'PSU efficiency 1 (psuEfficiency is not declared)':
    'rendement de l’alimentation de 1 (psuEfficiency n’est pas déclaré)',
  'PUE 1 (pue is not declared)': 'PUE de 1 (pue n’est pas déclaré)',
  'pool fee 0 (mining.poolFee is not declared)': 'frais de pool de 0 (mining.poolFee n’est pas déclaré)',
  'no rejected shares where no miner counts them': '0 part rejetée là où aucun mineur ne compte les rejets',
  'operations 0 while mining (operations.miningPerGpuDay is not declared)':
    'charges de 0 en minage (operations.miningPerGpuDay n’est pas déclaré)',
  'operations 0 while rented (operations.rentalPerGpuDay is not declared)':
    'charges de 0 en location (operations.rentalPerGpuDay n’est pas déclaré)',
  'operations 0 while off (operations.offPerGpuDay is not declared)':
    'charges de 0 à l’arrêt (operations.offPerGpuDay n’est pas déclaré)',
  '0 W per card that is off (operations.offWatts is not declared)':
    '0 W par carte à l’arrêt (operations.offWatts n’est pas déclaré)',
  'it was seen only once': 'il n’a été vu qu’une fois',
  'its counter fell': 'son compteur a baissé',
  'its counter grew by more than {times, number} times what the rented hours explain':
    'la hausse de son compteur dépasse {times, number} fois ce que les heures louées expliquent',
  'paid plus pending fell': 'le total payé et en attente a baissé',
  'paid plus pending grew by more than {times, number} times what the rented hours explain':
    'la hausse du total payé et en attente dépasse {times, number} fois ce que les heures louées expliquent',
} as const satisfies Catalogue;
