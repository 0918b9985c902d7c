import type { Catalogue } from '../say.ts';

/** Phrases of mistakes in what was typed, and of what failed while it was answered. */
export const frenchMistakes = {
  'That is longer than {count, number} characters.': 'Cela dépasse {count, number} caractères.',
  'Ask in fewer words.': 'Demandez en moins de mots.',
  'A quote is opened here and never closed.': 'Un guillemet est ouvert ici et jamais fermé.',
  'Close it with " after the value.': 'Fermez-le avec " après la valeur.',
  'There is no option "{name}" here.': 'Il n’y a pas d’option « {name} » ici.',
  'Did you mean {word}?': 'Vouliez-vous dire {word} ?',
  'It takes no options.': 'Options possibles : aucune.',
  'It takes {options}.': 'Options possibles : {options}.',
  '"{value}" is not asked for here.': '« {value} » est de trop ici.',
  '"{value}" is no choice for {option}.': '« {value} » n’est pas un choix possible pour {option}.',
  'Choose one of {choices}.': 'Choix possibles : {choices}.',
  '"{option}" has no value.': 'L’option « {option} » n’a pas de valeur.',
  'Write {usage}, without a space.': 'Écrivez {usage}, sans espace.',
  '"{option}" is given twice.': 'L’option « {option} » est donnée deux fois.',
  'Put a value with spaces in quotes: {example}.': 'Mettez entre guillemets une valeur avec des espaces : {example}.',
  'Give it once.': 'Donnez-la une seule fois.',
  'Nothing was asked.': 'Rien n’a été demandé.',
  'Type help to see what can be asked.': 'Tapez help pour voir ce que l’on peut demander.',
  '"{word}" is a command, not an option.': '« {word} » est une commande, pas une option.',
  'Put a space after {word}.': 'Mettez un espace après {word}.',
  'There is no command "{word}".': 'Il n’y a pas de commande « {word} ».',
  '{command} needs {option}: {description}.': 'La commande {command} exige l’option {option}.',
  'Type {line}.': 'Tapez {line}.',
  'Type help {command} to see its options.': 'Tapez help {command} pour voir ses options.',
  '{option}: not a whole number.': '{option} : ce n’est pas un nombre entier.',
  '{option}: pages begin at 1.': '{option} : les pages commencent à 1.',
  '{command} is for the role {needed}, and you have the role {held}.':
    'La commande {command} est réservée au rôle {needed, select, viewer {lecteur} operator {opérateur} admin {administrateur} other {{needed}}}, et vous avez le rôle {held, select, viewer {lecteur} operator {opérateur} admin {administrateur} other {{held}}}.',
  "Ask one of the farm's {role}s, or ask an admin for the role.":
    'Adressez-vous à un {role, select, viewer {lecteur} operator {opérateur} admin {administrateur} other {{role}}} de la ferme, ou demandez le rôle à un administrateur.',
  '{command} changes something, and nothing can be changed from here.':
    'La commande {command} modifie quelque chose, et rien ne peut être modifié d’ici.',
  'Ask a running bot.': 'Adressez-vous à un bot en service.',
  'You have asked a great deal in a short while.': 'Vous avez posé beaucoup de questions en peu de temps.',
  'This channel has asked a great deal in a short while.': 'Beaucoup de questions ont été posées ici en peu de temps.',
  'Ask again in {seconds, number} s.': 'Réessayez dans {seconds, number} s.',
  'no answer within {seconds, number} s': 'pas de réponse au bout de {seconds, number} s',
  '{address}: no answer within {seconds, number} s; check its load, or raise metrics.prometheus.timeout':
    '{address} : pas de réponse au bout de {seconds, number} s ; vérifiez sa charge, ou augmentez metrics.prometheus.timeout',
  '{address}: left alone since {since} after {failures, number} failures in a row, next trial at {next}; it last failed with: {reason}':
    '{address} : laissé en paix depuis {since} après {failures, plural, one {# échec} other {# échecs}} de suite, prochain essai à {next} ; dernier échec : {reason}',
  '{fault}; it is asked again at {time}': '{fault} ; il sera interrogé de nouveau à {time}',
  '{address}: not a complete Prometheus answer after {bytes, number} bytes, which begin {beginning}; check the URL':
    '{address} : réponse de Prometheus incomplète après {bytes, plural, one {# octet} other {# octets}}, qui commence par {beginning} ; vérifiez l’URL',
  '{address}: {fault}; check the URL and that it runs':
    '{address} : {fault} ; vérifiez l’URL et que le serveur est en marche',
  '{address}: more than {count, number} {unit} in one answer; ask for the farm in parts with metrics.prometheus.shardBy, or raise metrics.prometheus.{setting}':
    '{address} : plus de {count, number} {unit, select, samples {échantillons} other {octets}} dans une réponse ; interrogez la ferme par parties avec metrics.prometheus.shardBy, ou augmentez metrics.prometheus.{setting}',
  'Cannot {attempt} ({where}): {reason}': 'Impossible d’exécuter « {attempt} » ({where}) : {reason}',
  'The database holds a corrupt row ({where}): {what}':
    'La base de données contient une ligne corrompue ({where}) : {what}',
  'That was asked before, and it is done only once.': 'Cela a déjà été demandé et ne se fait qu’une fois.',
  'Type audit to see what came of it.': 'Tapez audit pour voir ce que cela a donné.',
  'Cannot read the ledger ({where}): {reason}': 'Impossible de lire le registre ({where}) : {reason}',
  'Cannot read the accounts ({where}): {reason}': 'Impossible de lire les comptes ({where}) : {reason}',
  '{address}: HTTP {status}: {reason}': '{address} : HTTP {status} : {reason}',
  '{address}: HTTP {status}: it wants credentials; check PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD, or PROMETHEUS_TOKEN':
    '{address} : HTTP {status} : il exige une authentification ; vérifiez PROMETHEUS_USERNAME et PROMETHEUS_PASSWORD, ou PROMETHEUS_TOKEN',
  '{address}: HTTP {status}: these credentials may not read it':
    '{address} : HTTP {status} : ces identifiants ne donnent pas le droit de lire',
  '{address}: HTTP {status}: no Prometheus API at this URL; check its path prefix':
    '{address} : HTTP {status} : pas d’API Prometheus à cette URL ; vérifiez le préfixe de son chemin',
  '{address}: HTTP {status}: check the URL': '{address} : HTTP {status} : vérifiez l’URL',
  'Cannot read the audit ({where}): {reason}': 'Impossible de lire le journal d’audit ({where}) : {reason}',
  'Cannot write the audit ({where}): {reason}': 'Impossible d’écrire dans le journal d’audit ({where}) : {reason}',
  'Cannot sum up the ledger by model ({where}): {reason}':
    'Impossible de totaliser le registre par modèle ({where}) : {reason}',
  'Cannot read the ledger ({where}): no answer within {milliseconds, number} ms':
    'Impossible de lire le registre ({where}) : pas de réponse au bout de {milliseconds, number} ms',
  'Cannot sum up the ledger by model ({where}): no answer within {milliseconds, number} ms':
    'Impossible de totaliser le registre par modèle ({where}) : pas de réponse au bout de {milliseconds, number} ms',
} as const satisfies Catalogue;
