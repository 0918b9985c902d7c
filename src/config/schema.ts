import { z } from 'zod';
import { normaliseUuid } from '../domain/observation/raw-values.ts';
import { byName, labels, listOf, noLabels, section } from './groups.ts';
import { days } from './measures.ts';
import { metricsSchema } from './metrics-schema.ts';
import {
  currency,
  dateOrInstant,
  efficiency,
  locale,
  longText,
  name,
  numberIn,
  oneOf,
  orUnknown,
  powerPrice,
  price,
  ratio,
  timezone,
  watts,
} from './values.ts';

const quantity = (unit: string) => orUnknown(numberIn(0, 1e12, `${unit}, 0 or more`));

const idAllowed = 'an id in quotes, as the platform shows it: "123456789012345678" or "U012AB3CD"';

const mining = section({ coin: orUnknown(name), poolFee: orUnknown(ratio) }).prefault({});

const tariff = section({ pricePerKwh: powerPrice, currency: orUnknown(currency) }).refine(
  ({ pricePerKwh, currency: other }) =>
    pricePerKwh.currency === null || other === null || pricePerKwh.currency === other,
  { path: ['currency'], error: 'the currency of pricePerKwh, or none' },
);

const site = section({
  name,
  match: labels.default(noLabels),
  timezone: orUnknown(timezone),
  pue: orUnknown(numberIn(1, 3, 'facility energy over IT energy, from 1 to 3')),
  psuEfficiency: orUnknown(efficiency),
  hostWatts: orUnknown(watts),
  tariff,
  mining,
  capacity: section({
    lineUpMbps: quantity('Mbit/s'),
    lineDownMbps: quantity('Mbit/s'),
    publicIps: orUnknown(
      numberIn(0, 2 ** 32, 'a whole number of addresses').int({ error: 'a whole number of addresses' }),
    ),
    powerKw: quantity('kW'),
  }).prefault({}),
  meter: orUnknown(longText),
});

const rig = section({
  site: orUnknown(name),
  mining,
  hostWatts: orUnknown(watts),
  psuEfficiency: orUnknown(efficiency),
  formerly: listOf('former names', name).max(50, { error: '50 former names at most' }).default([]),
});

const positive = (what: string) => numberIn(Number.MIN_VALUE, Number.MAX_VALUE, what);

const coin = section({
  algorithm: name.toLowerCase(),
  difficulty: positive('the difficulty, more than 0'),
  difficultyUnit: oneOf(['hashes', 'btc']),
  blockReward: numberIn(0, Number.MAX_VALUE, 'coins per block, 0 or more'),
  price,
  source: longText.default('configuration'),
  asOf: orUnknown(dateOrInstant),
});

const rental = section({
  pricePerGpuHour: price,
  side: oneOf(['renter', 'host']).default('renter'),
  platformFee: orUnknown(ratio),
  occupancy: orUnknown(ratio),
  source: longText.default('configuration'),
  asOf: orUnknown(dateOrInstant),
});

const rateAllowed = 'a rate of more than 0, or {rate: 1.39, asOf: 2026-10-01}';

const market = section({
  static: section({
    coins: byName('coins (RVN)', coin),
    rentals: byName('GPU models ("RTX 3090")', rental),
    fx: byName(
      'pairs (USD/CAD)',
      z.preprocess(
        (written) => (typeof written === 'number' ? { rate: written } : written),
        z.object({ rate: positive(rateAllowed), asOf: orUnknown(dateOrInstant) }, { error: rateAllowed }),
      ),
    ),
  }).prefault({}),
});

const operations = section({
  miningPerGpuDay: orUnknown(price),
  rentalPerGpuDay: orUnknown(price),
  offPerGpuDay: orUnknown(price),
  idleWatts: orUnknown(watts),
  offWatts: orUnknown(watts),
  rentalWatts: byName('GPU models ("RTX 3090")', watts),
});

const mixed = section({
  idleShareMined: ratio.default(1),
  switchesPerDay: numberIn(0, 1440, 'switches per day, from 0 to 1440').default(0),
  switchHours: numberIn(0, 24, 'hours that a switch takes, from 0 to 24').default(0),
});

/** How long the ledger keeps what; occupancy looks 30 days back, so that fewer hours would make it wrong. */
const ledger = section({
  hours: days(35, 3650).default(60),
  aggregates: days(35, 3650).default(400),
  changes: days(1, 3650).default(60),
  backfill: days(0, 400).default(7),
});

/** A rig's name, or a card's key; a UUID in any spelling. */
const retired = name.transform((written) => normaliseUuid(written) ?? written);

/** Ids, not names: names change and can be taken by somebody else. Discord's are long numbers, quoted. */
const id = z
  .string({ error: idAllowed })
  .trim()
  .regex(/^[A-Za-z0-9]{2,30}$/, { error: idAllowed });
const ids = listOf('ids of users and roles or user groups, in quotes: ["123456789012345678"]', id).default([]);
const platform = section({ admins: ids, operators: ids, adminChannel: orUnknown(id) }).prefault({});

export const defaultCurrency = 'USD';

const sitesAllowed = 'sites, one at least, with its power price: [{name: garage, tariff: {pricePerKwh: 0.10}}]';

/** `rigshift.yaml`; its keys are what operators write and never change their meaning. */
export const fileSchema = section({
  farm: section({
    name: name.default('farm'),
    currency: currency.default(defaultCurrency),
    timezone: timezone.default('UTC'),
  }).prefault({}),
  sites: listOf(sitesAllowed, site).min(1, { error: `a list of ${sitesAllowed}` }),
  rigs: byName('rigs', rig),
  retired: listOf('rigs and cards', retired).max(100_000, { error: '100000 at most' }).default([]),
  inventory: orUnknown(longText),
  metrics: metricsSchema.prefault({}),
  ledger: ledger.prefault({}),
  market: market.prefault({}),
  operations: operations.prefault({}),
  mixed: mixed.prefault({}),
  mining,
  chat: section({ locale: locale.default('en'), discord: platform, slack: platform }).prefault({}),
});

export type FileSettings = z.output<typeof fileSchema>;
