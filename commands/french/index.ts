import { frenchOfChat } from '../../src/chat/languages/fr/index.ts';
import { mergeCatalogues } from '../../src/chat/languages/merge-catalogues.ts';
import type { Language } from '../../src/chat/languages/say.ts';
import { frenchAudit } from './audit.ts';
import { frenchCriteria } from './criteria.ts';
import { frenchDigest } from './digest.ts';
import { frenchFailures } from './failures.ts';
import { frenchHelp } from './help.ts';
import { frenchIdentity } from './identity.ts';
import { frenchMistakesOfCommands } from './mistakes.ts';
import { frenchObservation } from './observation.ts';
import { frenchProfit } from './profit.ts';
import { frenchQuotes } from './quotes.ts';
import { frenchReadiness } from './readiness.ts';
import { frenchReasons } from './reasons.ts';
import { frenchRig } from './rig.ts';
import { frenchRigs } from './rigs.ts';
import { frenchShared } from './shared.ts';
import { frenchStatus } from './status.ts';

/** Everything in French. */
export const french: Language = {
  code: 'fr',
  sentences: mergeCatalogues([
    frenchOfChat.sentences,
    frenchShared,
    frenchStatus,
    frenchRigs,
    frenchRig,
    frenchProfit,
    frenchReadiness,
    frenchDigest,
    frenchAudit,
    frenchHelp,
  ]),
  phrases: mergeCatalogues([
    frenchOfChat.phrases,
    frenchReasons,
    frenchQuotes,
    frenchCriteria,
    frenchObservation,
    frenchIdentity,
    frenchFailures,
    frenchMistakesOfCommands,
  ]),
};
