import fc from 'fast-check';
import type { Farm } from '../../src/domain/farm.ts';
import { workStates } from '../../src/domain/work-state.ts';
import { coinQuote, farmOf, nothingDeclared, rentalQuote, siteOf } from './farms.ts';
import { gpuOf, machineOf, rigOf } from './rigs.ts';
import { marketplaceQuoteOf, snapshotOf } from './snapshots.ts';

const figure = (max: number) => fc.option(fc.double({ min: 0, max, noNaN: true }));
const price = fc.record({
  amount: fc.double({ min: 0.001, max: 2, noNaN: true }),
  currency: fc.constantFrom('USD', 'CAD', 'SEK'),
});

const anyCard = fc
  .record({
    index: fc.option(fc.nat(7)),
    model: fc.option(fc.constantFrom('RTX 3090', 'RTX 3080', 'Odd card')),
    state: fc.constantFrom(...workStates),
    hashrate: figure(1e9),
    algorithm: fc.option(fc.constantFrom('kawpow', 'octopus')),
    powerWatts: figure(400),
    coreTemperatureCelsius: figure(90),
    memoryTemperatureCelsius: figure(110),
    sharesAccepted: fc.option(fc.nat(100)),
    sharesRejected: fc.option(fc.nat(5)),
  })
  .map(gpuOf);
const anyMachine = fc
  .record({
    rentedGpus: fc.option(fc.nat(4)),
    listed: fc.option(fc.boolean()),
    listedUsdPerGpuHour: figure(1),
    reliability: figure(1),
  })
  .map(machineOf);

/** Two rigs `a1` and `b1` of which anything may be known or not. */
const anyRigs = fc
  .tuple(fc.array(anyCard, { maxLength: 4 }), fc.array(anyCard, { maxLength: 4 }), fc.option(anyMachine), fc.boolean())
  .map(([one, other, market, placed]) => [
    rigOf(one, { machine: market }),
    rigOf(other, { name: 'b1', site: placed ? 'quebec' : null, state: 'partial' }),
  ]);

const anyFarm: fc.Arbitrary<Farm> = fc
  .record({
    tariff: price,
    coin: fc.option(price),
    rental: fc.option(price),
    occupancy: figure(1),
    platformFee: figure(0.5),
    opex: fc.option(price),
    rated: fc.boolean(),
  })
  .map(({ tariff, coin, rental, occupancy, platformFee, opex, rated }) =>
    farmOf({
      sites: [siteOf({ tariff: { pricePerKwh: tariff } })],
      operations: { ...nothingDeclared, miningPerGpuDay: opex },
      market: {
        coins: coin === null ? [] : [coinQuote({ price: coin })],
        rentals: rental === null ? [] : [rentalQuote({ pricePerGpuHour: rental, occupancy, platformFee })],
        fx: rated ? [{ base: 'USD', quote: 'CAD', rate: 1.4, asOf: null }] : [],
      },
    }),
  );

/** A farm and an observation of it, from well known to hardly known. */
export const anySituation = fc
  .record({ rigs: anyRigs, farm: anyFarm, median: figure(1), occupancy: figure(1) })
  .map(({ rigs, farm, median, occupancy }) => ({
    farm,
    snapshot: snapshotOf(rigs, { marketplace: [marketplaceQuoteOf({ medianUsdPerGpuHour: median, occupancy })] }),
  }));
