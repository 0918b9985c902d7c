/**
 * Process names that are miners, lower case without path and extension: a card that runs one of them is not "busy". Names
 * as the programs' own releases spell them; a name that is not here counts as work.
 */
export const minerProcesses: ReadonlySet<string> = new Set([
  't-rex',
  'trex',
  'lolminer',
  'gminer',
  'miner',
  'nbminer',
  'teamredminer',
  'phoenixminer',
  'bzminer',
  'rigel',
  'onezerominer',
  'srbminer-multi',
  'wildrig-multi',
  'ethminer',
  'kawpowminer',
  'nanominer',
  'ccminer',
  'cryptodredge',
  'miniz',
  'ethdcrminer64',
  'xmrig',
  'nicehashquickminer',
  'excavator',
]);
