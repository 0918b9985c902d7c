import { aggregateContract } from '../contracts/aggregate-contract.ts';
import { auditContract } from '../contracts/audit-contract.ts';
import { cardContract } from '../contracts/card-contract.ts';
import { changeContract } from '../contracts/change-contract.ts';
import { claimContract } from '../contracts/claim-contract.ts';
import { ledgerDaysContract } from '../contracts/ledger-days-contract.ts';
import { outboxContract } from '../contracts/outbox-contract.ts';
import { targetContract } from '../contracts/target-contract.ts';
import { memoryAggregates } from '../support/memory-aggregates.ts';
import { memoryAudit } from '../support/memory-audit.ts';
import { memoryCards } from '../support/memory-cards.ts';
import { memoryChanges } from '../support/memory-changes.ts';
import { memoryClaims } from '../support/memory-claims.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { memoryOutbox } from '../support/memory-outbox.ts';
import { memoryTargets } from '../support/memory-targets.ts';

const name = 'the double that other tests use';
const close = async () => {};

outboxContract(name, async () => ({ outbox: memoryOutbox(), close }));
claimContract(name, async () => ({ claims: memoryClaims(), close }));
auditContract(name, async () => ({ audit: memoryAudit(), close }));
ledgerDaysContract(name, async () => ({ ledger: new MemoryLedger(), close }));
aggregateContract(name, async () => ({ aggregates: memoryAggregates(), close }));
cardContract(name, async () => ({ cards: memoryCards(), close }));
changeContract(name, async () => ({ changes: memoryChanges(), close }));
targetContract(name, async () => ({ targets: memoryTargets(), close }));
