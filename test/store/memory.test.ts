import { openStore } from '../../adapters/store/open-store.ts';
import { storeContract } from '../contracts/store-contract.ts';

storeContract('SQLite in memory', () => openStore({ url: 'sqlite::memory:', farm: 'test', mode: 'server' }));
