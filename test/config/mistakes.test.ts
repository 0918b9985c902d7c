import { describe, expect, it } from 'vitest';
import type { Mistake } from '../../src/config/mistake.ts';
import { UserError } from '../../src/domain/errors.ts';
import { garage, mistakesOf, parseWritten, pem, refusal, smallest } from './written.ts';

/** A change of the garage's text, and the one mistake it must make: path, part of found, part of allowed, nearest. */
type Case = readonly [
  change: readonly [string, string],
  path: string,
  found: string,
  allowed: string,
  nearest?: string,
];

const cases: readonly Case[] = [
  // Keys.
  [['currency: USD', 'curency: USD'], 'farm.curency', 'unknown key', 'name, currency, timezone', 'currency'],
  [['tariff:', 'tarif:'], 'sites[0].tarif', 'unknown key', 'tariff', 'tariff'],
  [['pricePerKwh', 'pricePerKWh'], 'sites[0].tariff.pricePerKWh', 'unknown key', 'pricePerKwh', 'pricePerKwh'],
  [['sites:', 'site:'], 'site', 'unknown key', 'sites', 'sites'],
  [['exporters:', 'exporter:'], 'metrics.exporter', 'unknown key', 'exporters', 'exporters'],
  [['metrics:', 'metric:'], 'metric', 'unknown key', 'metrics', 'metrics'],
  [['farm: {', 'farm: {zzzzzzzz: 1, '], 'farm.zzzzzzzz', 'unknown key', 'name, currency, timezone'],
  [['price: 0.02', 'prices: 0.02'], 'market.static.coins.RVN.prices', 'unknown key', 'price', 'price'],
  [['pue: 1.1', 'pue: 1.1, puee: 9'], 'sites[0].puee', 'unknown key', 'pue', 'pue'],
  // Amounts and currencies.
  [['0.06', 'cheap'], 'sites[0].tariff.pricePerKwh', '"cheap"', '"0.06 CAD"'],
  [['0.06', '.nan'], 'sites[0].tariff.pricePerKwh', 'NaN', 'an amount'],
  [['0.06', '.inf'], 'sites[0].tariff.pricePerKwh', 'Infinity', 'an amount'],
  [['0.06', '"0.06"'], 'sites[0].tariff.pricePerKwh', '"0.06"', 'an amount'],
  [['0.06', '"0,06 CAD"'], 'sites[0].tariff.pricePerKwh', '"0,06 CAD"', 'an amount'],
  [['0.06', '0.06 XQX'], 'sites[0].tariff.pricePerKwh', '"0.06 XQX"', 'ISO 4217'],
  [['0.06', '{amount: 0.06}'], 'sites[0].tariff.pricePerKwh', 'a group of amount', 'currency: CAD'],
  [['0.06}', '0.06 CAD, currency: USD}'], 'sites[0].tariff.currency', '"USD"', 'the currency of pricePerKwh'],
  [['tariff: {pricePerKwh: 0.06}', 'tariff: {currency: USD}'], 'sites[0].tariff.pricePerKwh', 'nothing', 'an amount'],
  [
    ['pricePerGpuHour: 0.22', 'pricePerGpuHour: -1'],
    'market.static.rentals["RTX 3090"].pricePerGpuHour',
    '-1',
    '0 or more',
  ],
  [['currency: USD', 'currency: BTC'], 'farm.currency', '"BTC"', 'bitcoin'],
  [['currency: USD', 'currency: 5'], 'farm.currency', '5', 'ISO 4217'],
  // Ratios and ranges.
  [['poolFee: 0', 'poolFee: 5'], 'mining.poolFee', '5', '0.05 for 5 %'],
  [['occupancy: 0.6', 'occupancy: 60'], 'market.static.rentals["RTX 3090"].occupancy', '60', '0.6 for 60 %'],
  [['platformFee: 0.25', 'platformFee: -0.1'], 'market.static.rentals["RTX 3090"].platformFee', '-0.1', 'from 0 to 1'],
  [['pue: 1.1', 'pue: 0.9'], 'sites[0].pue', '0.9', 'from 1 to 3'],
  [['pue: 1.1', 'pue: 3.1'], 'sites[0].pue', '3.1', 'from 1 to 3'],
  [['pue: 1.1', 'pue: .nan'], 'sites[0].pue', 'NaN', 'from 1 to 3'],
  [['pue: 1.1', 'psuEfficiency: 92'], 'sites[0].psuEfficiency', '92', '0.92 for 92 %'],
  [['pue: 1.1', 'psuEfficiency: 0.4'], 'sites[0].psuEfficiency', '0.4', 'from 0.5 to 1'],
  [['pue: 1.1', 'hostWatts: -5'], 'sites[0].hostWatts', '-5', 'watts'],
  [['pue: 1.1', 'capacity: {publicIps: 1.5}'], 'sites[0].capacity.publicIps', '1.5', 'whole number'],
  [['idleWatts: 25', 'idleWatts: "25"'], 'operations.idleWatts', '"25"', 'watts'],
  [['"RTX 3090": 300', '"RTX 3090": 300W'], 'operations.rentalWatts["RTX 3090"]', '"300W"', 'watts'],
  [['difficulty: 100000', 'difficulty: 0'], 'market.static.coins.RVN.difficulty', '0', 'more than 0'],
  [
    ['difficultyUnit: btc', 'difficultyUnit: hash'],
    'market.static.coins.RVN.difficultyUnit',
    '"hash"',
    'hashes, btc',
    'hashes',
  ],
  [['occupancy: 0.6', 'side: hosts'], 'market.static.rentals["RTX 3090"].side', '"hosts"', 'renter, host', 'host'],
  [['metrics: {', 'metrics: {interval: 2s, '], 'metrics.interval', '"2s"', '5s to 10m'],
  [['metrics: {', 'metrics: {interval: 11m, '], 'metrics.interval', '"11m"', '5s to 10m'],
  [['metrics: {', 'metrics: {interval: "", '], 'metrics.interval', '""', '5s to 10m'],
  [['price: 0.02', 'price: 0.02, asOf: 2026-02-30'], 'market.static.coins.RVN.asOf', '"2026-02-30"', 'a date'],
  [['metrics: {', 'chat: {locale: de}\nmetrics: {'], 'chat.locale', '"de"', 'en or fr'],
  [['metrics: {', 'chat: {locale: fr_CA}\nmetrics: {'], 'chat.locale', '"fr_CA"', 'fr-CA'],
  [
    ['metrics: {', 'chat: {discord: {admins: [123456789012345678]}}\nmetrics: {'],
    'chat.discord.admins[0]',
    '1234',
    'in quotes',
  ],
  [
    ['metrics: {', 'chat: {slack: {operators: ["ada lovelace"]}}\nmetrics: {'],
    'chat.slack.operators[0]',
    '"ada lovelace"',
    'an id',
  ],
  [
    ['metrics: {', 'chat: {slack: {operators: U12345}}\nmetrics: {'],
    'chat.slack.operators',
    '"U12345"',
    'a list of ids',
  ],
  [['metrics: {', 'chat: {slack: {adminChannel: "#ops"}}\nmetrics: {'], 'chat.slack.adminChannel', '"#ops"', 'an id'],
  // Names and zones.
  [['currency: USD', 'timezone: America/Torono'], 'farm.timezone', '"America/Torono"', 'IANA', 'America/Toronto'],
  [['currency: USD', 'timezone: New York'], 'farm.timezone', '"New York"', 'IANA', 'America/New_York'],
  [['name: g26', 'name: 26'], 'farm.name', '26', 'quotes'],
  [['name: g26', 'name: ""'], 'farm.name', '""', 'text of 1'],
  [['name: g26', 'name: "a\\nb"'], 'farm.name', '"a\\nb"', 'one line'],
  [['rig: a1', 'labels: {rack: 7}'], 'metrics.exporters.targets[0].labels', 'a group of rack', 'quotes'],
  [['{name: garage', '{name: barn, tariff: {pricePerKwh: 1}}, {name: 5'], 'sites[1].name', '5', 'quotes'],
  // Things that refer to each other.
  [['site: garage', 'site: garrage'], 'metrics.exporters.targets[0].site', '"garrage"', 'garage', 'garage'],
  [['mining:', 'rigs: {b1: {site: barn}}\nmining:'], 'rigs.b1.site', '"barn"', 'garage'],
  [['mining:', 'rigs: {a1: {mining: {coin: RVM}}}\nmining:'], 'rigs.a1.mining.coin', '"RVM"', 'RVN', 'RVN'],
  [['coin: RVN', 'coin: rvn'], 'mining.coin', '"rvn"', 'RVN', 'RVN'],
  [['pue: 1.1', 'mining: {coin: KAS}'], 'sites[0].mining.coin', '"KAS"', 'RVN'],
  [
    ['sites: [', 'sites: [{name: garage, tariff: {pricePerKwh: 1}}, '],
    'sites[1].name',
    '"garage", as sites[0]',
    'once',
  ],
  [
    ['"RTX 3090": 300', 'RTX 3090: 300, GeForce RTX 3090: 310'],
    'operations.rentalWatts["GeForce RTX 3090"]',
    'RTX 3090',
    'once',
  ],
  [['rentals:', 'fx: {USD/USD: 1}\n    rentals:'], 'market.static.fx["USD/USD"]', '"USD/USD"', 'two different'],
  [['rentals:', 'fx: {USD/BTC: 1}\n    rentals:'], 'market.static.fx["USD/BTC"]', '"USD/BTC"', 'two different'],
  [['rentals:', 'fx: {USD/CAD: 0}\n    rentals:'], 'market.static.fx["USD/CAD"].rate', '0', 'more than 0'],
  [
    ['rentals:', 'fx: {USD/CAD: 1.4, CAD/USD: 1.4}\n    rentals:'],
    'market.static.fx["CAD/USD"]',
    'beside USD/CAD',
    'one direction',
  ],
  // Sources of metrics.
  [['metrics: {', 'metrics: {prometheus: {url: "http://p"}, '], 'metrics', 'prometheus and exporters', 'exactly one'],
  [['exporters: {', 'interval: 30s} #'], 'metrics', 'neither', 'exactly one'],
  [['metrics: {', 'metrics: 5 #'], 'metrics', '5', 'a group of interval'],
  [['exporters: {', 'prometheus: {}} #'], 'metrics.prometheus.url', 'nothing', 'PROMETHEUS_URL'],
  [['targets: [{', 'targets: []}} #'], 'metrics.exporters', 'neither targets nor files', 'one target'],
  [
    ['9835/metrics"', '9835/metrics", "http://127.0.0.1:9835/metrics"'],
    'metrics.exporters.targets[0].urls[1]',
    'second time',
    'once',
  ],
  [['http://127.0.0.1:9835', '127.0.0.1:9835'], 'metrics.exporters.targets[0].urls[0]', '"127.0.0.1:9835', 'http://'],
  // Limits and times.
  [['metrics: {', 'metrics: {tooOld: 1m, '], 'metrics.tooOld', '"1m" beside an interval of "30s"', 'three times'],
  [['metrics: {', 'metrics: {states: {miningGap: 11m}, '], 'metrics.states.miningGap', '"11m"', '0s to 10m'],
  [['metrics: {', 'metrics: {states: {downAfter: never}, '], 'metrics.states.downAfter', '"never"', '0s to 10m'],
  [['exporters: {', 'exporters: {timeout: 31s, '], 'metrics.exporters.timeout', '"31s"', 'no longer than'],
  [['exporters: {', 'exporters: {spread: 30, '], 'metrics.exporters.spread', '30 beside', 'shorter than'],
  [['exporters: {', 'exporters: {maxBytes: 1000, '], 'metrics.exporters.maxBytes', '1000', '64KiB to 1GiB'],
  [['exporters: {', 'exporters: {files: ["*/a.json"], '], 'metrics.exporters.files[0]', '"*/a.json"', 'last part'],
  [['exporters: {', 'exporters: {httpSd: [inventory], '], 'metrics.exporters.httpSd[0]', '"inventory"', 'http://'],
  [['mining:', 'ledger: {hours: 34d}\nmining:'], 'ledger.hours', '"34d"', '35d to 3650d'],
  [['mining:', 'ledger: {hours: 60}\nmining:'], 'ledger.hours', '60', 'whole days'],
  [['mining:', 'ledger: {backfil: 1d}\nmining:'], 'ledger.backfil', 'unknown key', 'hours', 'backfill'],
  // Rigs of former times.
  [['mining:', 'rigs: {b1: {formerly: [a1]}}\nmining:'], 'rigs.b1.formerly[0]', '"a1", which is a rig', 'any more'],
  [['mining:', 'rigs: {b1: {formerly: [b1]}}\nmining:'], 'rigs.b1.formerly[0]', 'in rigs', 'any more'],
  [
    ['mining:', 'rigs: {b1: {formerly: [x]}, c1: {formerly: [x]}}\nmining:'],
    'rigs.c1.formerly[0]',
    'as of rig b1',
    'once',
  ],
  [['mining:', 'retired: [b1, a1]\nmining:'], 'retired[1]', '"a1", whose exporters', 'gone for good'],
  // Rewrites.
  [['metrics: {', 'metrics: {rewrites: [{rig: a}], '], 'metrics.rewrites[0].instance', 'nothing', 'an exact host'],
  [
    ['metrics: {', 'metrics: {rewrites: [{instance: h, match: h, rig: a}], '],
    'metrics.rewrites[0].match',
    '"h"',
    'one of',
  ],
  [['metrics: {', 'metrics: {rewrites: [{match: "(", rig: a}], '], 'metrics.rewrites[0].match', '"("', 'expression'],
  [['metrics: {', 'metrics: {rewrites: [{match: "(a+)+", rig: a}], '], 'metrics.rewrites[0].match', '(a+)+', 'inside'],
  [
    ['metrics: {', 'metrics: {rewrites: [{match: "a(b)", rig: "$2"}], '],
    'metrics.rewrites[0].rig',
    '"$2"',
    '$2 is none',
  ],
  // Speed tests and dialects.
  [['metrics: {', 'metrics: {speedtest: {}, '], 'metrics.speedtest.variant', 'nothing', 'download and upload'],
  [
    ['metrics: {', 'metrics: {speedtest: bilimek, '],
    'metrics.speedtest.variant',
    '"bilimek"',
    'miguelndecarvalho, heathcliff26, billimek',
    'billimek',
  ],
  [
    ['metrics: {', 'metrics: {speedtest: {variant: bps, upload: {series: u, unit: bit/s}}, '],
    'metrics.speedtest.variant',
    '"bps"',
    'a variant, or',
  ],
  [
    ['metrics: {', 'metrics: {speedtest: {download: {series: d, unit: MBit/s}}, '],
    'metrics.speedtest.download.unit',
    '"MBit/s"',
    'Mbit/s',
    'Mbit/s',
  ],
  [
    ['metrics: {', 'metrics: {speedtest: {download: {series: s, unit: bit/s}, upload: {series: s, unit: bit/s}}, '],
    'metrics.speedtest.upload',
    'a group',
    'another series',
  ],
  dialect(
    '{id: x, series: {p: {signal: powerWats, unit: W}}, cards: {slot: g}}',
    '.series.p.signal',
    '"powerWats"',
    'powerWatts',
    'powerWatts',
  ),
  dialect(
    '{id: x, series: {p: {signal: powerWatts, unit: MW}}, cards: {slot: g}}',
    '.series.p.unit',
    '"MW"',
    'W, mW, uW, kW',
    'mW',
  ),
  dialect('{id: x, series: {p: powerWatts}, cards: {slot: g}}', '.series.p.unit', 'powerWatts', 'a unit of powerWatts'),
  dialect('{id: x, series: {p: {signal: card.info, unit: W}}, cards: {slot: g}}', '.series.p.unit', '"W"', 'none'),
  dialect('{id: x, series: {p: {signal: host.ramBytes, unknown: 0}}}', '.series.p.unknown', '0', 'as it is printed'),
  dialect(
    '{id: x, series: {p: {signal: pcieWidth, label: w}}, cards: {slot: g}}',
    '.series.p.label',
    '"w"',
    'no label',
  ),
  dialect('{id: x, series: {p: {signal: rig.revenueUsd, sum: true}}}', '.series.p.sum', 'true', 'cards and ASICs'),
  dialect(
    '{id: x, series: {p: {signal: pcieWidth, fallbak: true}}, cards: {slot: g}}',
    '.series.p.fallbak',
    'unknown key',
    'signal',
    'fallback',
  ),
  dialect('{id: x, series: {p: pcieWidth}}', '.cards', 'nothing', 'because p speaks of cards'),
  dialect('{id: x, series: {p: pcieWidth}, cards: {uuid: g}}', '.cards.slot', 'nothing', 'names of labels'),
  dialect('{id: x, series: {p: pcieWidth}, cards: {slot: "g-1"}}', '.cards.slot[0]', '"g-1"', 'name of a label'),
  dialect('{id: x, series: {}}', '.series', 'no series', '1 to 500'),
  dialect('{id: x, series: {"p{}": host.name}}', '.series["p{}"]', '"p{}"', 'without labels'),
  dialect('{id: x, scope: farm, series: {p: rig.revenueUsd}}', '.rig', 'nothing', 'the scope is farm'),
  dialect(
    '{id: x, scope: outside, rig: r, series: {p: rig.revenueUsd}}',
    '.rig',
    'beside the scope outside',
    'only for',
  ),
  dialect('{id: node_exporter, series: {p: rig.revenueUsd}}', '.id', 'Rigshift knows', 'once'),
  dialect('{id: My Panel, series: {p: rig.revenueUsd}}', '.id', '"My Panel"', 'lower-case'),
  [
    ['metrics: {', 'metrics: {dialects: [{id: x, series: {p: host.name}}, {id: y, series: {p: host.name}}], '],
    'metrics.dialects[1].series.p',
    'as in metrics.dialects[0]',
    'each series once',
  ],
];

/** One dialect of the operator and the mistake in it. */
function dialect(written: string, path: string, found: string, allowed: string, nearest?: string): Case {
  const change = ['metrics: {', `metrics: {dialects: [${written}], `] as const;
  const place = `metrics.dialects[0]${path}`;
  return nearest === undefined ? [change, place, found, allowed] : [change, place, found, allowed, nearest];
}

describe('each mistake is reported once, with path, found, allowed and the nearest name', () => {
  for (const [[from, to], path, found, allowed, nearest] of cases) {
    it(`${to} at ${path}`, async () => {
      expect(garage).toContain(from);
      expectOne(await mistakesOf(garage.replace(from, to)), path, found, allowed, nearest);
    });
  }
});

function expectOne(
  mistakes: readonly Mistake[],
  path: string,
  found: string,
  allowed: string,
  nearest: string | undefined,
): void {
  expect(mistakes).toEqual([
    expect.objectContaining({ path, found: expect.stringContaining(found), allowed: expect.stringContaining(allowed) }),
  ]);
  expect(mistakes[0]?.nearest).toBe(nearest);
}

const variableCases: readonly (readonly [Readonly<Record<string, string>>, string, string, string, string?])[] = [
  [{ HTTP_PORT: '80a' }, 'HTTP_PORT', '"80a"', '0 to 65535'],
  [{ HTTP_PORT: '70000' }, 'HTTP_PORT', '"70000"', '0 to 65535'],
  [{ PUBLIC_PORT: '-1' }, 'PUBLIC_PORT', '"-1"', '0 to 65535'],
  [{ HTTP_HOST: 'http://x' }, 'HTTP_HOST', '"http://x"', 'without port'],
  [{ HTTP_HOST: '127.0.0.1:80' }, 'HTTP_HOST', '"127.0.0.1:80"', 'without port'],
  [{ LOG_LEVEL: 'inf' }, 'LOG_LEVEL', '"inf"', 'debug', 'info'],
  [{ PROMETHEUS_URL: 'prometheus:9090' }, 'PROMETHEUS_URL', '"prometheus:9090"', 'http://'],
  [{ PROMETHEUS_URL: 'http://p/?a=b' }, 'PROMETHEUS_URL', '"http://p/?***"', 'without a query'],
  [{ ALERTMANAGER_URL: 'ftp://x' }, 'ALERTMANAGER_URL', '"ftp://x"', 'http://'],
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL', '9 characters', 'sqlite:PATH'],
  [{ DATABASE_URL: 'sqlite:' }, 'DATABASE_URL', '7 characters', 'sqlite:PATH'],
  [{ WEBHOOK_SECRET: 'short' }, 'WEBHOOK_SECRET', '5 characters', '16 characters'],
  [{ REPORT_SECRET: 'short' }, 'REPORT_SECRET', '5 characters', '16 characters'],
  [{ PROMETHEUS_USERNAME: 'u' }, 'PROMETHEUS_USERNAME', 'without PROMETHEUS_PASSWORD', 'both'],
  [{ PROMETHEUS_PASSWORD: 'p' }, 'PROMETHEUS_PASSWORD', 'without PROMETHEUS_USERNAME', 'both'],
  [
    { PROMETHEUS_TOKEN: 't', PROMETHEUS_USERNAME: 'u', PROMETHEUS_PASSWORD: 'p' },
    'PROMETHEUS_TOKEN',
    'beside PROMETHEUS_USERNAME',
    'a token, or',
  ],
  [{ SLACK_BOT_TOKEN: 'x' }, 'SLACK_BOT_TOKEN', 'without SLACK_APP_TOKEN', 'Socket Mode'],
  [{ SLACK_APP_TOKEN: 'x' }, 'SLACK_APP_TOKEN', 'without SLACK_BOT_TOKEN', 'Socket Mode'],
  [
    { SLACK_BOT_TOKEN: 'x', SLACK_SIGNING_SECRET: 's' },
    'SLACK_SIGNING_SECRET',
    'without PUBLIC_PORT',
    'SLACK_APP_TOKEN (Socket Mode)',
  ],
];

describe('mistakes of the environment', () => {
  for (const [env, path, found, allowed, nearest] of variableCases) {
    it(JSON.stringify(env), async () => {
      expectOne(await mistakesOf(smallest, { env }), path, found, allowed, nearest);
    });
  }

  it('refuses PROMETHEUS_URL beside exporters', async () => {
    const [mistake, ...others] = await mistakesOf(garage, { env: { PROMETHEUS_URL: 'http://p' } });
    expect(mistake).toMatchObject({ path: 'PROMETHEUS_URL', found: 'a value although metrics.exporters is given' });
    expect(others).toEqual([]);
  });

  it('ignores variables that it does not know', async () => {
    await expect(
      parseWritten(smallest, { env: { DISCORD_COLOUR: 'x', SLACK_X: '', HOME: '/root' } }),
    ).resolves.toBeDefined();
  });
});

describe('mistakes of the way to a Prometheus server', () => {
  const files = {
    '/farm/c.pem': pem('CERTIFICATE'),
    '/farm/k.pem': pem('PRIVATE KEY'),
    '/farm/locked.pem': pem('ENCRYPTED PRIVATE KEY'),
  };
  const https = (rest: string) => smallest.replace('"http://127.0.0.1:9090"', `"https://p", ${rest}`);
  it.each([
    ['headers: {X: $NOT_THERE}', 'headers.X', '$NOT_THERE, which is not set', 'that is set'],
    ['headers: {Cookie: abc}', 'headers.Cookie', 'a secret in the file', '$FARM_API_KEY'],
    ['headers: {X-Auth-Token: abc}', 'headers["X-Auth-Token"]', 'a secret in the file', '$FARM_API_KEY'],
    ['headers: {Host: abc}', 'headers.Host', 'already', 'another'],
    ['headers: {"a b": abc}', 'headers["a b"]', '"a b"', 'name of an HTTP header'],
    ['headers: {X: "a\\nb"}', 'headers.X', 'no header can have', 'one line'],
    ['headers: {X: 5}', 'headers', 'a group of X', 'quotes'],
    ['headers: {Authorization: $AUTH}', 'headers.Authorization', 'beside PROMETHEUS_TOKEN', 'one way'],
    ['tls: {ca: none.pem}', 'tls.ca', '"none.pem": no such file', 'can be read'],
    ['tls: {ca: k.pem}', 'tls.ca', '"k.pem", which holds none', 'certificates in PEM'],
    ['tls: {certificate: c.pem}', 'tls.certificate', 'without key', 'both'],
    ['tls: {key: k.pem}', 'tls.key', 'without certificate', 'both'],
    ['tls: {certificate: c.pem, key: c.pem}', 'tls.key', '"c.pem", which holds none', 'private key'],
    ['tls: {certificate: c.pem, key: locked.pem}', 'tls.key', '"locked.pem", which holds none', 'passphrase'],
    ['timeout: 6m', 'timeout', '"6m"', '1s to 5m'],
    ['delay: 6m', 'delay', '"6m"', '0s to 5m'],
    ['maxSamples: 1.5', 'maxSamples', '1.5', 'whole number'],
    ['shardBy: {}', 'shardBy.label', 'nothing', 'name of a label'],
    ['dedup: "yes"', 'dedup', '"yes"', 'true or false'],
  ])('%s', async (written, path, found, allowed) => {
    const env: Record<string, string> = written.includes('$AUTH') ? { AUTH: 'x', PROMETHEUS_TOKEN: 't' } : {};
    const mistakes = await mistakesOf(https(written), { files, env });
    expectOne(mistakes, `metrics.prometheus.${path}`, found, allowed, undefined);
    expect(mistakes[0]?.line).toBe(3);
  });

  it('refuses an age that the delay alone makes', async () => {
    const yaml = smallest
      .replace('"http://127.0.0.1:9090"', '"http://p", delay: 5m')
      .replace('metrics: {', 'metrics: {tooOld: 6m, ');
    const allowed = 'three times metrics.interval and metrics.prometheus.delay';
    expectOne(await mistakesOf(yaml, {}), 'metrics.tooOld', '"6m"', allowed, undefined);
  });

  it('refuses certificates beside an address without encryption', async () => {
    const yaml = https('tls: {ca: c.pem}').replace('https://p', 'http://p');
    expectOne(await mistakesOf(yaml, { files }), 'metrics.prometheus.tls', 'beside an http://', 'https://', undefined);
  });
});

describe('mistakes of the inventory', () => {
  const base = `${garage}inventory: rigs.csv\n`;
  it.each([
    ['rig,sit\na1,garage', 'inventory line 1', 'column "sit"', 'site'],
    ['rig,colour\na1,red', 'inventory line 1', 'column "colour"', undefined],
    ['rig,rig\na1,a1', 'inventory line 1', 'column rig twice', undefined],
    ['site\ngarage', 'inventory line 1', 'no column rig', undefined],
    ['', 'inventory', 'an empty file', undefined],
    ['rig,site\n"a1,garage\n', 'inventory', 'Quote Not Closed', undefined],
    ['rig,site\na1', 'inventory line 2', '1 cells', undefined],
    ['rig,site\n,garage', 'inventory line 2, rig', 'nothing', undefined],
    ['rig\na1\n\nb1\na1', 'inventory line 5, rig', 'line 2', undefined],
    ['rig,site\na1,garag', 'inventory line 2, site', '"garag"', 'garage'],
    ['rig,psuWatts\na1,1600 W', 'inventory line 2, psuWatts', '"1600 W"', undefined],
    ['rig,consoleUrl\na1,javascript:alert(1)', 'inventory line 2, consoleUrl', '"javascript:alert(1)"', undefined],
    ['rig,purchasePrice\na1,-5', 'inventory line 2, purchasePrice', '"-5"', undefined],
    ['rig,purchasePrice,purchaseCurrency\na1,5 CAD,USD', 'inventory line 2, purchaseCurrency', '"USD"', undefined],
    ['rig,purchaseDate\na1,12.04.2021', 'inventory line 2, purchaseDate', '"12.04.2021"', undefined],
  ])('%j', async (csv, path, found, nearest) => {
    const mistakes = await mistakesOf(base, { csv });
    expect(mistakes).toEqual([expect.objectContaining({ path, found: expect.stringContaining(found) })]);
    expect(mistakes[0]?.nearest).toBe(nearest);
  });

  it('reports every row although others are wrong', async () => {
    const mistakes = await mistakesOf(base, { csv: 'rig,site,psuWatts\na1,garage,x\na1,barn,1\n' });
    expect(mistakes.map(({ path }) => path).sort()).toEqual([
      'inventory line 2, psuWatts',
      'inventory line 3, rig',
      'inventory line 3, site',
    ]);
  });

  it('says which file cannot be read', async () => {
    const [mistake] = await mistakesOf(base);
    expect(mistake).toMatchObject({ path: 'inventory', found: '"rigs.csv": no such file' });
  });

  it('refuses one rig at two sites, which would have two power prices', async () => {
    const two = base.replace('sites: [', 'sites: [{name: barn, tariff: {pricePerKwh: 1}}, ');
    const mistakes = await mistakesOf(two, { csv: 'rig,site\na1,barn\n' });
    expect(mistakes).toEqual([
      expect.objectContaining({ path: 'inventory line 2, site', allowed: 'one site for each rig' }),
    ]);
  });
});

describe('mistakes of the YAML', () => {
  it.each([
    [`${smallest}metrics: {prometheus: {url: http://p}}\n`, 4, 'metrics a second time'],
    [`${smallest}farm: {name: x\nrigs: {}`, 5, 'a syntax error'],
    [`${smallest}farm: !secret x`, 4, 'a syntax error: Unresolved tag'],
    [`${smallest}? [a, b]\n: 1`, 4, 'a key that is no text'],
    [`${smallest}---\nfarm: {}`, 4, 'a syntax error'],
    ['- a\n- b', 1, 'a list of 2'],
    ['just text', 1, '"just text"'],
  ])('%j', async (yaml, line, found) => {
    const mistakes = await mistakesOf(yaml);
    expect(mistakes[0]).toMatchObject({ line, found: expect.stringContaining(found) });
  });

  it('survives nesting and aliases without end', async () => {
    await expect(mistakesOf('['.repeat(50_000))).resolves.not.toHaveLength(0);
    const lol = Array.from({ length: 12 }, (_, i) => `k${i + 1}: &k${i + 1} [${`*k${i},`.repeat(9)}]`).join('\n');
    await expect(mistakesOf(`k0: &k0 lol\n${lol}`)).resolves.not.toHaveLength(0);
    await expect(mistakesOf('sites: &a [*a]\nmetrics: &b {prometheus: *b}')).resolves.not.toHaveLength(0);
  });

  it('needs a site, and shows how one is written', async () => {
    for (const yaml of ['', 'sites: []', 'sites:', '# nothing']) {
      const mistakes = await mistakesOf(yaml, { env: { PROMETHEUS_URL: 'http://p' } });
      expect(mistakes).toEqual([
        expect.objectContaining({ path: 'sites', allowed: expect.stringContaining('pricePerKwh: 0.10') }),
      ]);
    }
  });
});

describe('all mistakes at once', () => {
  it('shows five for five, of file, inventory and environment together, each on its line', async () => {
    const yaml = [
      'farm: {currency: DOLLARS}',
      'sites:',
      '  - name: garage',
      '    pue: 11',
      '    tarif: {pricePerKwh: 0.06}',
      'metrics: {prometheus: {url: "http://127.0.0.1:9090"}}',
      'inventory: rigs.csv',
    ].join('\n');
    const csv = 'rig,site\na1,garag\n';
    const error = await refusal(parseWritten(yaml, { csv, env: { LOG_LEVEL: 'loud' } }));
    expect(error).toBeInstanceOf(UserError);
    expect(error.mistakes).toHaveLength(5);
    expect(error.message.split('\n')).toEqual([
      'The configuration has 5 mistakes:',
      '  /farm/rigshift.yaml:1 farm.currency: found "DOLLARS" (allowed: an ISO 4217 code such as USD or CAD)',
      '  /farm/rigshift.yaml:4 sites[0].pue: found 11 (allowed: facility energy over IT energy, from 1 to 3)',
      expect.stringMatching(
        /^ {2}\/farm\/rigshift\.yaml:5 sites\[0\]\.tarif: found an unknown key; did you mean tariff\? \(allowed: name, /,
      ),
      '  inventory line 2, site: found "garag"; did you mean garage? (allowed: a site of this file: garage)',
      '  LOG_LEVEL: found "loud" (allowed: fatal, error, warn, info, debug, trace, silent)',
    ]);
  });

  it('checks what stands under a misspelt key as well', async () => {
    const mistakes = await mistakesOf(smallest.replace('tariff: {pricePerKwh: 0.06}', 'tarif: {pricePerKwh: cheap}'));
    expect(mistakes.map(({ path }) => path)).toEqual(['sites[0].tarif', 'sites[0].tariff.pricePerKwh']);
  });

  it('keeps the message short where everything is wrong', async () => {
    const rigs = Array.from({ length: 200 }, (_, i) => `r${i}: {site: x}`).join(', ');
    const error = await refusal(parseWritten(`${smallest}\nrigs: {${rigs}}`));
    expect(error.mistakes).toHaveLength(200);
    expect(error.message.split('\n')).toHaveLength(52);
    expect(error.message).toMatch(/and 150 more$/);
  });

  it('never prints a secret', async () => {
    const secret = 'hunter2-hunter2';
    const error = await refusal(
      parseWritten(smallest.replace('http://', `http://me:${secret}@`), {
        env: {
          PROMETHEUS_URL: `https://me:${secret}@host/`,
          ALERTMANAGER_URL: `me:1/${secret}@host`,
          SLACK_API_URL: `http://host/?token=${secret}`,
          DATABASE_URL: `mysql://me:${secret}@host`,
          WEBHOOK_SECRET: secret,
          REPORT_SECRET: secret,
          PROMETHEUS_PASSWORD: secret,
          SLACK_APP_TOKEN: secret,
          SLACK_SIGNING_SECRET: secret,
        },
      }),
    );
    expect(error.mistakes.length).toBeGreaterThanOrEqual(9);
    expect(error.message).not.toContain(secret);
    expect(JSON.stringify(error.mistakes)).not.toContain(secret);
  });
});
