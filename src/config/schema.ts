import { z } from 'zod';
import {
  currency,
  dateOrInstant,
  efficiency,
  interval,
  locale,
  longText,
  name,
  numberIn,
  oneOf,
  orUnknown,
  pageUrl,
  powerPrice,
  price,
  ratio,
  reading,
  serverUrl,
  timezone,
  watts,
} from './values.ts';

/** A group with fixed keys. Unknown keys are reported before this schema sees the value (see keys.ts). */
function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape, { error: `a group of ${Object.keys(shape).join(', ')}` });
}

/** A group whose keys are names. */
function byName<Value extends z.ZodType>(names: string, value: Value) {
  return z.record(z.string(), value, { error: `a group with ${names} as its keys` }).prefault({});
}

function listOf<Value extends z.ZodType>(what: string, value: Value) {
  return z.array(value, { error: `a list of ${what}` });
}

const labels = reading<Readonly<Record<string, string>>>((written) => {
  const entries =
    typeof written === 'object' && written !== null && !Array.isArray(written) ? Object.entries(written) : null;
  const isLabels = entries?.every(([label, value]) => /^[a-zA-Z_]\w*$/.test(label) && typeof value === 'string');
  if (entries === null || isLabels !== true)
    return { allowed: 'labels and their values, {rack: "7"}; a number stands in quotes' };
  return { value: Object.fromEntries(entries) as Record<string, string> };
});

const noLabels: Readonly<Record<string, string>> = {};
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
});

const target = section({
  rig: orUnknown(name),
  site: orUnknown(name),
  urls: listOf('addresses of exporters', pageUrl).min(1, { error: 'one address at least' }),
  labels: labels.default(noLabels),
});

const metrics = section({
  interval: interval.default(30_000),
  prometheus: section({ url: orUnknown(serverUrl) }).optional(),
  exporters: section({ targets: listOf('targets', target).default([]), file: orUnknown(longText) }).optional(),
  sharedHosts: listOf('hosts', name).default([]),
  rigLabels: listOf('labels', name).default(['rig', 'worker', 'nodename', 'hostname', 'Hostname']),
  rewrites: listOf('rewrites', section({ instance: name, rig: name })).default([]),
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
  inventory: orUnknown(longText),
  metrics: metrics.prefault({}),
  market: market.prefault({}),
  operations: operations.prefault({}),
  mixed: mixed.prefault({}),
  mining,
  chat: section({ locale: locale.default('en'), discord: platform, slack: platform }).prefault({}),
});

export type FileSettings = z.output<typeof fileSchema>;
