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
  'the gzip data ends early': 'les données gzip s’arrêtent trop tôt',
  'broken gzip data': 'données gzip corrompues',
  'could not be read: {reason}': 'n’a pas pu être lu : {reason}',
  'ends without "# EOF"': 'se termine sans « # EOF »',
  'ends within line {line, number}: {excerpt}': 's’arrête au milieu de la ligne {line, number} : {excerpt}',
  'up is 0 at the scrape of {instant}': 'up vaut 0 au relevé du {instant}',
} as const satisfies Catalogue;
