import type { Catalogue } from '../../src/chat/languages/say.ts';

/** Phrases of which rig and which card something is, and of states that are not believed yet (src/domain/observation). */
export const frenchIdentity = {
  'all exporters of the rig answer': 'tous les exportateurs du rig répondent',
  'some exporters of the rig answer, others do not': 'certains exportateurs du rig répondent, d’autres non',
  'none of the exporters of the rig answers for {seconds, number} s':
    'aucun des exportateurs du rig ne répond depuis {seconds, number} s',
  'its exporter answers, the card is not printed for {seconds, number} s':
    'son exportateur répond, la carte n’est plus publiée depuis {seconds, number} s',
  'hashrate 0 for {seconds, number} s: between two jobs, so far':
    'hashrate de 0 depuis {seconds, number} s : entre deux travaux, pour l’instant',
  'no hashrate is printed for {seconds, number} s: still mining, so far':
    'aucun hashrate publié depuis {seconds, number} s : toujours en minage, pour l’instant',
  'as many GPUs are rented as there are cards that do not mine':
    'il y a autant de GPU loués que de cartes qui ne minent pas',
  'the exporter that printed it does not answer': 'l’exportateur qui la publiait ne répond pas',
  '{platforms} count {rented, number} of {gpus, number} GPUs rented':
    '{platforms} comptent {rented, plural, one {# GPU loué} other {# GPU loués}} sur {gpus, number}',
  '{platforms} count {rented, number} of {gpus, number} GPUs rented, and every other card hashes':
    '{platforms} comptent {rented, plural, one {# GPU loué} other {# GPU loués}} sur {gpus, number}, et toutes les autres cartes minent',
  '{platforms} count {rented, number} of {gpus, number} GPUs rented; which ones is not printed':
    '{platforms} comptent {rented, plural, one {# GPU loué} other {# GPU loués}} sur {gpus, number}, sans publier {rented, plural, one {lequel} other {lesquels}}',
  'card {card} is printed by rig {rig} too and counts there':
    'la carte {card} est aussi publiée par le rig {rig} et y est comptée',
  'rigs {rig} and {other} both print the cards {cards}; they count in {home}':
    'les rigs {rig} et {other} publient tous deux les cartes {cards} ; elles sont comptées dans {home}',
  'if the two are one machine, give their exporters one rig name; else see which exporter runs on the wrong one':
    'si les deux sont une seule machine, donnez un seul nom de rig à leurs exportateurs ; sinon, cherchez lequel tourne sur la mauvaise',
  '{exporter} and {other} number the cards differently: they are tied by UUID and PCI bus, and nothing by index':
    '{exporter} et {other} numérotent les cartes différemment : elles sont rattachées par UUID et bus PCI, et rien par index',
  'start T-Rex with --pci-indexing, and use exporters that print the PCI bus or the UUID of each card':
    'lancez T-Rex avec --pci-indexing et prenez des exportateurs qui publient le bus PCI ou l’UUID de chaque carte',
  "{exporter} prints only the index of card {slot}, and exporters of this rig number its cards differently: its cards are not tied to the rig's":
    '{exporter} ne publie que l’index de la carte {slot}, et les exportateurs de ce rig numérotent ses cartes différemment : ses cartes ne sont pas rattachées à celles du rig',
  'let the miner number cards by PCI bus, or use an exporter that prints their PCI bus or UUID':
    'faites numéroter les cartes par bus PCI, ou prenez un exportateur qui publie leur bus PCI ou leur UUID',
  'give the miner all cards of the rig, or use an exporter that prints their PCI bus or UUID':
    'donnez au mineur toutes les cartes du rig, ou prenez un exportateur qui publie leur bus PCI ou leur UUID',
  'see to the card that has vanished, and start the miner again':
    'occupez-vous de la carte disparue, puis relancez le mineur',
  '{instance} is labelled {label}, the configuration names it {name}; the configuration is used':
    '{instance} porte le label {label}, la configuration le nomme {name} ; la configuration est retenue',
  'take the label away, or the name in the configuration': 'retirez le label, ou le nom dans la configuration',
  'give its exporters one {label} label, or name the rig in the configuration':
    'donnez un seul label {label} à ses exportateurs, ou nommez le rig dans la configuration',
  'give each rig a name of its own, in its labels or in the configuration':
    'donnez à chaque rig un nom à lui, dans ses labels ou dans la configuration',
  'give each rig a name of its own that is the hostname of its machine':
    'donnez à chaque rig un nom à lui, qui soit le nom d’hôte de sa machine',
  'marketplace machines {machine} and {other} both carry the hostname of rig {rig}; {used} is used':
    'les machines {machine} et {other} de la place de marché portent toutes deux le nom d’hôte du rig {rig} ; {used} est retenue',
  'take the old machine off the marketplace account, or give the two hosts names of their own':
    'retirez l’ancienne machine du compte de la place de marché, ou donnez aux deux hôtes des noms à eux',
  'probed from outside, but known to no exporter: {instances}':
    'sondés de l’extérieur, mais connus d’aucun exportateur : {instances}',
  'its exporters are missing from a partial answer': 'ses exportateurs manquent dans une réponse partielle',
  'no exporter that has answered since the start is its own: bring it back, or retire it':
    'aucun des exportateurs qui ont répondu depuis le démarrage n’est le sien : remettez-le en service ou retirez-le',
  'no exporter of it is configured any more: retire it or bring it back':
    'aucun exportateur de ce rig n’est plus configuré : retirez-le ou remettez-le en service',
} as const satisfies Catalogue;
