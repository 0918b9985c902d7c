import { openStore } from '../../adapters/store/open-store.ts';
import { auditContract } from '../contracts/audit-contract.ts';
import { claimContract } from '../contracts/claim-contract.ts';
import { outboxContract } from '../contracts/outbox-contract.ts';
import { storeContract } from '../contracts/store-contract.ts';

const name = 'SQLite in memory';
const openEmpty = () => openStore({ url: 'sqlite::memory:', farm: 'test', mode: 'server' });

storeContract(name, openEmpty);
outboxContract(name, openEmpty);
claimContract(name, openEmpty);
auditContract(name, openEmpty);
