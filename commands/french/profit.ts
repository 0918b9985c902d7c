import type { Catalogue } from '../../src/chat/languages/say.ts';

export const frenchProfit = {
  'Mine, GPU rental, mine while idle or off: net per day and break-evens':
    'Minage, location de GPU, minage hors location ou arrêt : net par jour et seuils de rentabilité',
  '{where}: what to do with the GPUs is unknown ({reason}).': '{where} : meilleur usage des GPU inconnu ({reason}).',
  '{where}: {best} nets most, {net} per day (est.) over {gpus}; {rivals}.':
    '{where} : {best} donne le meilleur net, {net} par jour (est.) pour {gpus} ; {rivals}.',
  'GPU rental overtakes mining above {occupancy} occupancy, yours is unknown':
    'la location de GPU rapporte plus que le minage au-delà d’un taux d’occupation de {occupancy} (le vôtre est inconnu)',
  'Per day, est., in {currency}': 'Par jour, en {currency} (est.)',
  'Break-even': 'Seuil de rentabilité',
  Occupancy: 'Taux d’occupation',
  'Rental price': 'Prix de location',
  'Power price, mining': 'Prix de l’électricité, minage',
  'Power price, GPU rental': 'Prix de l’électricité, location de GPU',
  '{price} per GPU-hour at your occupancy': '{price} par GPU-heure à votre taux d’occupation',
  '{price} per kWh': '{price} par kWh',
  '{breakEven}; yours {yours}': '{breakEven} ; le vôtre : {yours}',
  "{breakEven}; yours {yours}, the market's {market}": '{breakEven} ; le vôtre : {yours}, celui du marché : {market}',
  '{figure}: even fully rented, GPU rental makes less than mining':
    '{figure} : même à 100 % d’occupation, la location de GPU rapporte moins que le minage',
  '{figure}: mining loses more than an empty rig; off is better than mining':
    '{figure} : le minage perd plus qu’un rig sans locataire ; l’arrêt vaut mieux que le minage',
  '{figure}: mining loses more than an empty rig': '{figure} : le minage perd plus qu’un rig sans locataire',
  'none: a rented hour earns no more than its power; choose between mining and off':
    'aucun : une heure louée ne rapporte pas plus que son électricité ; choisissez entre le minage et l’arrêt',
  'Net per day by model, est.': 'Net par jour et par modèle (est.)',
  'Break-even occ.': 'Seuil d’occ.',
  Best: 'Meilleur usage',
  '{compared, number} of {gpus, number}': '{compared, number} sur {gpus, number}',
  'each model at its best: unknown': 'chaque modèle à son meilleur usage : inconnu',
  'each model at its best: {net} per day (est.) over {gpus}':
    'chaque modèle à son meilleur usage : {net} par jour (est.) pour {gpus}',
  'not compared: {gpus}, {reason}': 'hors comparaison : {gpus}, {reason}',
  'hashrate measured on {measured}, of the same model here on {peers, number}, from the reference table on {table, number}, unknown on {unknown, number}':
    'hashrate mesuré sur {measured}, repris du même modèle ici sur {peers, number}, tiré du tableau de référence sur {table, number}, inconnu sur {unknown, number}',
  'assumed: {assumption}': 'hypothèse : {assumption}',
  'now: mining {mining}, GPU rental {rental}, net {net}':
    'en ce moment : minage {mining}, location de GPU {rental}, net {net}',
  'now: mining {mining}, GPU rental {rental}, net {net} per day (est.) over {gpus}':
    'en ce moment : minage {mining}, location de GPU {rental}, net {net} par jour (est.) pour {gpus}',
  '{what}: {price} per {unit}, {kind}; {source}, {age}': '{what} : {price} par {unit}, {kind} ; {source}, {age}',
  undated: 'sans date',
  '{occupancy} (30 d, real.)': '{occupancy} (30 j, réal.)',
  '{occupancy} (declared)': '{occupancy} (déclaré)',
  '{occupancy} (partly declared)': '{occupancy} (en partie déclaré)',
  'Net per day by way, est.': 'Net par jour et par usage (est.)',
  'Rigs by margin': 'Rigs par marge',
} as const satisfies Catalogue;
