import type { Catalogue } from '../../src/chat/languages/say.ts';

/** Phrases of what was observed: evidence for work states, contradictions, doubts (src/domain/observation, src/fleet). */
export const frenchObservation = {
  'none of the exporters of the rig answers': 'aucun des exportateurs du rig ne répond',
  'its exporter answers, the card is gone': 'son exportateur répond, la carte a disparu',
  'hashrate above 0': 'hashrate supérieur à 0',
  'runs {processes}': 'exécute {processes}',
  'no process, utilisation under {percent, number} %; the machine is listed':
    'aucun processus, utilisation inférieure à {percent, number} % ; la machine est proposée',
  'no process, utilisation under {percent, number} %; the machine is not listed':
    'aucun processus, utilisation inférieure à {percent, number} % ; la machine n’est pas proposée',
  '{platform} counts {rented, number} of {gpus, number} GPUs rented':
    '{platform} compte {rented, plural, one {# GPU loué} other {# GPU loués}} sur {gpus, number}',
  '{platform} counts {rented, number} of {gpus, number} GPUs rented, and every other card hashes':
    '{platform} compte {rented, plural, one {# GPU loué} other {# GPU loués}} sur {gpus, number}, et toutes les autres cartes minent',
  '{platform} counts {rented, number} of {gpus, number} GPUs rented; which ones is not printed':
    '{platform} compte {rented, plural, one {# GPU loué} other {# GPU loués}} sur {gpus, number}, sans publier {rented, plural, one {lequel} other {lesquels}}',
  '{process} runs, but no hashrate is printed': '{process} tourne, mais aucun hashrate n’est publié',
  "the host's default job runs on {gpus, number} GPUs, but no hashrate is printed":
    'la tâche par défaut de l’hébergeur tourne sur {gpus, number} GPU, mais aucun hashrate n’est publié',
  'runs {processes}; {platform} does not say how many GPUs are rented':
    'exécute {processes} ; {platform} ne dit pas combien de GPU sont loués',
  '{platform} does not say how many GPUs are rented': '{platform} ne dit pas combien de GPU sont loués',
  'works at {percent, number} %, but nothing says at what': 'travaille à {percent, number} %, mais rien ne dit à quoi',
  '{count, number} compute processes run, and nobody names them':
    '{count, plural, one {# processus de calcul tourne, et personne ne le nomme} other {# processus de calcul tournent, et personne ne les nomme}}',
  'its miner prints a hashrate of 0 and nobody prints the utilisation':
    'son mineur publie un hashrate de 0 et personne ne publie l’utilisation',
  'its exporter answers, but no hashrate is printed': 'son exportateur répond, mais aucun hashrate n’est publié',
  'its exporter prints a hashrate of 0': 'son exportateur publie un hashrate de 0',
  'its exporter answers, the machine is gone': 'son exportateur répond, la machine a disparu',
  'its exporter does not answer': 'son exportateur ne répond pas',
  '{exporter} and {other} do not print the same number of ASICs ({printed, number} and {counted, number}): those of {used} count':
    '{exporter} et {other} ne publient pas le même nombre d’ASIC ({printed, number} et {counted, number}) : ceux de {used} comptent',
  '{exporter} prints hashrates of several coins for one card ({coins}): the largest counts':
    '{exporter} publie pour une même carte les hashrates de plusieurs cryptomonnaies ({coins}) : le plus grand compte',
  '{exporter} numbers the cards in an order of its own: they are tied by their models, each of which is there once':
    '{exporter} numérote les cartes dans un ordre à lui : elles sont rattachées par leur modèle, chacun n’y figurant qu’une fois',
  '{exporter} does not say in which unit it counts {algorithm}: the hashrate is unknown':
    '{exporter} ne dit pas en quelle unité il compte {algorithm} : le hashrate est inconnu',
  '{exporter} prints hashrates in a unit of its own; what its miner prints in all gives the right one':
    '{exporter} publie les hashrates dans une unité à lui ; le total de son mineur donne la bonne',
  'neither hashrate nor utilisation is printed': 'ni le hashrate ni l’utilisation ne sont publiés',
  "{rented, number} of {gpus, number} GPUs are rented, yet {hashing, number} hash: the marketplace's or the miner's count is late":
    '{rented, plural, one {# GPU sur {gpus, number} est loué} other {# GPU sur {gpus, number} sont loués}}, et pourtant {hashing, plural, one {# mine} other {# minent}} : le décompte de la place de marché ou du mineur est en retard',
  'it answers, but prints nothing of what it printed before':
    'il répond, mais ne publie rien de ce qu’il publiait avant',
  'exporters call this rig {names}; {used} is used': 'des exportateurs appellent ce rig {names} ; {used} est retenu',
  'write its name in the same letters everywhere': 'écrivez son nom partout avec les mêmes lettres',
  '{exporter} prints the UUID {uuid} for {count, number} cards: it tells none of them apart':
    '{exporter} publie l’UUID {uuid} pour {count, number} cartes : il n’en distingue aucune',
  'label {label} names this rig {names}; {used} is used': 'le label {label} nomme ce rig {names} ; {used} est retenu',
  '{count, number} rigs are labelled {name}; the address is added to tell them apart':
    '{count, plural, one {# rig porte} other {# rigs portent}} le label {name} ; l’adresse est ajoutée pour les distinguer',
  "{exporter} prints {printed, number} card, the rig has {cards, number}: its cards are not tied to the rig's":
    '{exporter} publie {printed, number} carte, le rig en a {cards, number} : cette carte n’est rattachée à aucune de celles du rig',
  "{exporter} prints {printed, number} cards, the rig has {cards, number}: its cards are not tied to the rig's":
    '{exporter} publie {printed, plural, one {# carte} other {# cartes}}, le rig en a {cards, number} : ses cartes ne sont pas rattachées à celles du rig',
  '{exporter} prints card {slot}, which has no counterpart by index':
    '{exporter} publie la carte {slot}, sans équivalent par index',
  '{exporter} prints another UUID for card {index}': '{exporter} publie un autre UUID pour la carte {index}',
  '{exporter} prints another PCI bus for card {index}': '{exporter} publie un autre bus PCI pour la carte {index}',
  '{exporter} says card {index} is a {model}, others say {other}':
    '{exporter} dit que la carte {index} est une {model}, d’autres disent {other}',
  'only its marketplace reports this rig: no exporter of its own was found':
    'seule sa place de marché signale ce rig : aucun exportateur propre n’a été trouvé',
  'marketplace machine {machine} ({host}) fits several rigs and is tied to none: its rentals are not seen':
    'la machine {machine} ({host}) de la place de marché correspond à plusieurs rigs et n’est rattachée à aucun : ses locations ne sont pas vues',
  'the server has scraped no target lately; check its targets, its clock and this one':
    'le serveur n’a relevé aucune cible récemment ; vérifiez ses cibles, son horloge et celle de Rigshift',
  'some targets are scraped every {every} only and count as unknown after {window, number} s; set the interval to {every}':
    'certaines cibles ne sont relevées que toutes les {every} et comptent comme inconnues après {window, number} s ; réglez l’intervalle sur {every}',
  "the server's clock runs {seconds, number} s ahead of this one, and its times are corrected by that; set the clocks right":
    'l’horloge du serveur avance de {seconds, number} s sur celle de Rigshift, et ses heures sont corrigées d’autant ; réglez les horloges',
  "the server's clock runs {seconds, number} s behind this one, and its times are corrected by that; set the clocks right":
    'l’horloge du serveur retarde de {seconds, number} s sur celle de Rigshift, et ses heures sont corrigées d’autant ; réglez les horloges',
  '{count, number} series belong to no target with up and are left out':
    '{count, plural, one {# série n’appartient à aucune cible avec up et est laissée de côté} other {# séries n’appartiennent à aucune cible avec up et sont laissées de côté}}',
  'prometheus: {warning}': 'Prometheus : {warning}',
  'prometheus: the answer is partial': 'Prometheus : la réponse est partielle',
  "{count, number} samples are left out, on {instance} for example: the time they bear is not the scrape's":
    '{count, plural, one {# échantillon laissé} other {# échantillons laissés}} de côté, par exemple sur {instance} : leur horodatage n’est pas celui du relevé',
  'exporters keep no history: hours in which Rigshift does not run stay gaps':
    'les exportateurs ne gardent pas d’historique : les heures où Rigshift ne tourne pas restent des trous',
  '{fault}; its targets are not known': '{fault} ; ses cibles ne sont pas connues',
  '{fault}; the last good list is used': '{fault} ; la dernière liste valable est utilisée',
} as const satisfies Catalogue;
