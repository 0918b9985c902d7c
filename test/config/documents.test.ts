import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { variables } from '../../src/config/environment.ts';
import { inventoryColumns } from '../../src/config/inventory.ts';
import { knownKeys } from '../../src/config/keys.ts';
import { operatorSignals, unitsOf } from '../../src/config/operator-signals.ts';
import { fileSchema } from '../../src/config/schema.ts';
import { parseWritten, pem } from './written.ts';

const root = resolve(import.meta.dirname, '../..');
const guide = readFileSync(resolve(root, 'docs/configuration.md'), 'utf8');

function codeBlocks(language: string, text = guide): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code ?? '');
}

function firstColumn(section: string): string[] {
  const text = guide.slice(guide.indexOf(`\n## ${section}\n`)).split(/\n## /)[1] ?? '';
  return text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? ''));
}

describe('.env.example', () => {
  it('lists every variable of the schema with its reason, and no other', () => {
    const expected = Object.entries(variables).map(([name, { why }]) => `# ${why}\n${name}=\n`);
    const title = '# Copy to .env and fill in what applies. An empty variable counts as unset.\n';
    expect(readFileSync(resolve(root, '.env.example'), 'utf8')).toBe([title, ...expected].join('\n'));
  });

  it('gives one line to each variable', () => {
    for (const { why } of Object.values(variables)) expect(why).toMatch(/^[^\n]{10,120}\.$/);
  });
});

describe('README.md', () => {
  it('has an example that is valid and prices mining and GPU rental', async () => {
    const [example = '', ...others] = codeBlocks('yaml', readFileSync(resolve(root, 'README.md'), 'utf8'));
    expect(others).toEqual([]);
    const { farm, metrics } = await parseWritten(example);
    expect(metrics.source.kind).toBe('exporters');
    expect(farm.sites.map(({ name, tariff }) => [name, tariff.pricePerKwh.currency])).toEqual([['quebec', 'CAD']]);
    expect(farm.market.coins.map(({ coin }) => coin)).toContain(farm.mining.coin);
    expect(farm.market.rentals.map(({ model }) => model)).toEqual(['RTX 3090']);
    expect(farm.market.fx).toMatchObject([{ base: 'USD', quote: 'CAD' }]);
  });
});

describe('docs/configuration.md', () => {
  it('has a row for every key of the schema, in its order, and for no other', () => {
    expect(firstColumn('Every key')).toEqual(knownKeys(fileSchema));
  });

  it('has every variable', () => {
    expect(firstColumn('Environment').sort()).toEqual(Object.keys(variables).sort());
  });

  it('names every column of the inventory', () => {
    for (const column of inventoryColumns) expect(guide).toContain(`\`${column}\``);
  });

  it('has examples that are valid', async () => {
    const [prometheus = '', exporters = '', worked = '', server = '', lists = '', own = '', ...others] =
      codeBlocks('yaml');
    const [csv = '', ...otherTables] = codeBlocks('csv');
    expect([...others, ...otherTables]).toEqual([]);
    const withSites = (metrics: string) => `sites: [{name: north, tariff: {pricePerKwh: 0.06}}]\n${metrics}`;
    const [certificate, key] = [pem('CERTIFICATE'), pem('PRIVATE KEY')];
    const files = { '/farm/ca.pem': certificate, '/farm/rigshift.pem': certificate, '/farm/rigshift.key': key };
    const env = { FARM_API_KEY: 'a-long-api-key' };
    expect((await parseWritten(withSites(server), { files, env })).metrics.source).toMatchObject({
      headers: { 'X-Scope-OrgID': 'north', 'X-Api-Key': 'a-long-api-key' },
      tls: { ca: certificate, certificate, key, serverName: null },
      shards: { label: 'site', values: ['north'] },
    });
    const read = await parseWritten(withSites(lists));
    expect(read.metrics.source).toMatchObject({ files: ['/farm/targets/*.json', '/farm/extra.yaml'] });
    expect(read.farm.retired.has('00000000-0000-0000-0000-00000000a007')).toBe(true);
    const ownMetrics = `${withSites(own)}  prometheus: {url: "http://127.0.0.1:9090"}\n`;
    expect((await parseWritten(ownMetrics)).metrics.dialects).toMatchObject([{ id: 'my_panel', scope: 'farm' }]);
    expect((await parseWritten(prometheus)).metrics.source.kind).toBe('prometheus');
    expect((await parseWritten(exporters)).metrics.source.kind).toBe('exporters');
    const { farm } = await parseWritten(worked, { csv });
    expect(farm.sites.map(({ name, tariff }) => [name, tariff.pricePerKwh.currency])).toEqual([
      ['quebec', 'CAD'],
      ['texas', 'USD'],
    ]);
    expect([...farm.inventory.keys()]).toEqual(['qc-riser-01', 'tx-3090-02']);
    expect(farm.market.rentals.map(({ model, occupancy }) => [model, occupancy])).toEqual([
      ['RTX 3090', 0.6],
      ['RTX 3070', null],
    ]);
  });

  it('names every signal that a series of the operator can be, with its units', () => {
    const rows = guide.slice(guide.indexOf('\n## Series of your own\n')).split('\n');
    for (const [name, signal] of operatorSignals) {
      const row = rows.find((line) => line.startsWith('| `') && (line.split('|')[1] ?? '').includes(`\`${name}\``));
      const units = [...(row?.split('|')[2] ?? '').matchAll(/`([^`]+)`/g)].map(([, unit]) => unit);
      expect([name, units]).toEqual([name, unitsOf(signal)]);
    }
  });

  it('shows mistakes as they are printed', async () => {
    const yaml = 'sites:\n  - name: a\n    pue: 11\n    tarif: {pricePerKwh: 1}\n';
    const error = await parseWritten(yaml, { env: { LOG_LEVEL: 'inf', PROMETHEUS_URL: 'http://p' } }).catch(String);
    const lines = codeBlocks('text')[0]?.trim().split('\n') ?? [];
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(error).toContain(line.trim().replace(/, …\)$/, ''));
  });
});
