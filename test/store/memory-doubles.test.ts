import { auditContract } from '../contracts/audit-contract.ts';
import { claimContract } from '../contracts/claim-contract.ts';
import { outboxContract } from '../contracts/outbox-contract.ts';
import { memoryAudit } from '../support/memory-audit.ts';
import { memoryClaims } from '../support/memory-claims.ts';
import { memoryOutbox } from '../support/memory-outbox.ts';

const name = 'the double that other tests use';
const close = async () => {};

outboxContract(name, async () => ({ outbox: memoryOutbox(), close }));
claimContract(name, async () => ({ claims: memoryClaims(), close }));
auditContract(name, async () => ({ audit: memoryAudit(), close }));
