import type { LedgerRow } from '../../src/domain/ledger.ts';
import { noStates } from '../../src/domain/work-state.ts';

/** An hour of one card that mined for 1 USD and took power for 0.25 USD. */
export function sampleRow(changes: Partial<LedgerRow> & Pick<LedgerRow, 'startMs'>): LedgerRow {
  return {
    rig: 'a1',
    site: 'quebec',
    seconds: 3600,
    observedSeconds: 3600,
    stateSeconds: { ...noStates(), mining: 3600 },
    cardJoules: 1e6,
    wallJoules: 1.2e6,
    powerSeconds: 3600,
    mined: [
      { algorithm: 'kawpow', coin: 'RVN', hashes: 1e11, gpuSeconds: 3600, revenue: { amount: 1, currency: 'USD' } },
    ],
    models: [{ model: 'RTX 3090', ownedSeconds: 3600, observedSeconds: 3600, rentedSeconds: 0 }],
    powerCost: { amount: 0.25, currency: 'USD' },
    rentedRevenue: { amount: 0, currency: 'USD' },
    quotes: [
      { what: 'coin:RVN', amount: 0.02, currency: 'USD', unit: 'RVN', source: 'configuration', asOfMs: null },
      { what: 'power:quebec', amount: 0.05, currency: 'USD', unit: 'kWh', source: 'configuration', asOfMs: null },
    ],
    ...changes,
  };
}
