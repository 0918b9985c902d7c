import { openStore } from '../../adapters/store/open-store.ts';
import { aggregateContract } from '../contracts/aggregate-contract.ts';
import { auditContract } from '../contracts/audit-contract.ts';
import { cardContract } from '../contracts/card-contract.ts';
import { changeContract } from '../contracts/change-contract.ts';
import { claimContract } from '../contracts/claim-contract.ts';
import { ledgerDaysContract } from '../contracts/ledger-days-contract.ts';
import { outboxContract } from '../contracts/outbox-contract.ts';
import { storeContract } from '../contracts/store-contract.ts';
import { targetContract } from '../contracts/target-contract.ts';

const name = 'SQLite in memory';
const openEmpty = () => openStore({ url: 'sqlite::memory:', farm: 'test', mode: 'server' });

storeContract(name, openEmpty);
outboxContract(name, openEmpty);
claimContract(name, openEmpty);
auditContract(name, openEmpty);
ledgerDaysContract(name, openEmpty);
aggregateContract(name, openEmpty);
cardContract(name, openEmpty);
changeContract(name, openEmpty);
targetContract(name, openEmpty);
