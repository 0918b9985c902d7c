import type { Catalogue } from '../../src/chat/languages/say.ts';

/** Phrases of targets that could not be read (adapters/exporters, adapters/prometheus). */
export const frenchFailures = {
  'it gave no answer': 'n’a pas répondu',
  'connection refused': 'connexion refusée',
  'no connection in time': 'pas de connexion dans les délais',
  cancelled: 'annulé',
  'no connection within {seconds, number} s': 'pas de connexion au bout de {seconds, number} s',
  'the body was not complete within {seconds, number} s, {bytes, number} bytes came':
    'réponse incomplète au bout de {seconds, number} s, {bytes, plural, one {# octet reçu} other {# octets reçus}}',
  'no connection before the time for all targets together was over':
    'pas de connexion avant la fin du temps prévu pour toutes les cibles',
  'no answer before the time for all targets together was over':
    'pas de réponse avant la fin du temps prévu pour toutes les cibles',
  'the body was not complete before the time for all targets together was over, {bytes, number} bytes came':
    'réponse incomplète à la fin du temps prévu pour toutes les cibles, {bytes, plural, one {# octet reçu} other {# octets reçus}}',
  'the answer is not HTTP ({code})': 'la réponse n’est pas du HTTP ({code})',
  'the connection broke after {bytes, number} bytes':
    'la connexion s’est rompue après {bytes, plural, one {# octet} other {# octets}}',
  'the connection broke before an answer': 'la connexion s’est rompue avant la réponse',
  'HTTP {status, number}, a redirect to another host, not followed':
    'HTTP {status}, une redirection vers un autre hôte, non suivie',
  'HTTP {status, number}, a redirect after {count, number}':
    'HTTP {status}, encore une redirection après {count, number}',
  'unknown content-encoding': 'content-encoding inconnu',
  'more than {bytes, number} bytes': 'plus de {bytes, plural, one {# octet} other {# octets}}',
  'the headers are too large': 'les en-têtes sont trop longs',
  'line {line, number} is longer than {bytes, number} bytes': 'la ligne {line, number} dépasse {bytes, number} octets',
  'more than {count, number} labels in line {line, number}':
    'plus de {count, number} étiquettes à la ligne {line, number}',
  'a label of more than {bytes, number} bytes in line {line, number}':
    'une étiquette de plus de {bytes, number} octets à la ligne {line, number}',
  'more than {count, number} different label sets': 'plus de {count, number} jeux d’étiquettes différents',
  'not asked: the time for all targets together was over':
    'non relevée : le temps prévu pour toutes les cibles était écoulé',
  'its series come from several targets, {one} and {other} for example: scrape it with honor_labels, or scrape those targets':
    'ses séries viennent de plusieurs cibles, {one} et {other} par exemple : relevez-la avec honor_labels, ou relevez ces cibles',
  'the gzip data ends early': 'les données gzip s’arrêtent trop tôt',
  'broken gzip data': 'données gzip corrompues',
  'could not be read: {reason}': 'n’a pas pu être lu : {reason}',
  'ends without "# EOF"': 'se termine sans « # EOF »',
  'ends within line {line, number}: {excerpt}': 's’arrête au milieu de la ligne {line, number} : {excerpt}',
  'up is 0 at the scrape of {instant}': 'up vaut 0 au relevé du {instant}',
  'the last observation is {seconds, number} seconds old, too old to act on':
    'la dernière observation date de {seconds, plural, one {# seconde} other {# secondes}}, trop ancienne pour s’y fier',
  'the last observation is {seconds, number} seconds old, too old to act on: {reason}':
    'la dernière observation date de {seconds, plural, one {# seconde} other {# secondes}}, trop ancienne pour s’y fier : {reason}',
  'the observation failed because of a mistake in Rigshift; the log says more':
    'l’observation a échoué à cause d’une erreur de Rigshift ; le journal en dit plus',
  'the last observation is {minutes, number} minutes old, too old to act on':
    'la dernière observation date de {minutes, plural, one {# minute} other {# minutes}}, trop ancienne pour s’y fier',
  'the last observation is {minutes, number} minutes old, too old to act on: {reason}':
    'la dernière observation date de {minutes, plural, one {# minute} other {# minutes}}, trop ancienne pour s’y fier : {reason}',
} as const satisfies Catalogue;
