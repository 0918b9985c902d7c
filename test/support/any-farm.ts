import fc from 'fast-check';
import type { Farm } from '../../src/domain/farm.ts';
import { workStates } from '../../src/domain/work-state.ts';
import { coinQuote, farmOf, nothingDeclared, rentalQuote, siteOf } from './farms.ts';
import { asicOf, gpuOf, looseMinerOf, machineOf, rigOf } from './rigs.ts';
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
const miner = {
  algorithm: fc.option(fc.constantFrom('kawpow', 'octopus', 'sha256d', 'zelhash')),
  coin: fc.option(fc.constantFrom('RVN', 'BTC')),
  hashrate: figure(1e15),
  powerWatts: figure(4_000),
  sharesAccepted: fc.option(fc.nat(100)),
  sharesRejected: fc.option(fc.nat(5)),
};
const anyLooseMiner = fc.record(miner).map(looseMinerOf);
const anyAsic = fc
  .record({
    ...miner,
    model: fc.option(fc.constantFrom('Antminer S19j Pro', 'Antminer S9')),
    temperatureCelsius: figure(90),
    hardwareErrors: fc.option(fc.nat(100)),
    state: fc.constantFrom('mining', 'idle-unlisted', 'down', 'unknown'),
  })
  .map(asicOf);
/** What a rig may hold that is no card. */
const anyApart = fc.record({
  asics: fc
    .array(anyAsic, { maxLength: 3 })
    .map((asics) => asics.map((asic, index) => ({ ...asic, key: `a1/asic#${index}` }))),
  looseMiners: fc.array(anyLooseMiner, { maxLength: 2 }),
  wallWatts: figure(5_000),
});
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
  .tuple(
    fc.array(anyCard, { maxLength: 4 }),
    fc.array(anyCard, { maxLength: 4 }),
    fc.option(anyMachine),
    fc.boolean(),
    anyApart,
  )
  .map(([one, other, market, placed, apart]) => [
    rigOf(one, { machine: market, ...apart }),
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
