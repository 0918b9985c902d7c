/**
 * Cards by PCI identity: what a host can say of a card for which no exporter does. Sources: pci.ids 2023.04.11 (device) and
 * libdrm data/amdgpu.ids 2.4.114 with its later entries (AMD's revisions). One device number may be several models; where
 * the revision does not tell, all of them are here.
 */
interface PciFamily {
  readonly family: string;
  /** Every model that may have this number, as normaliseModel() writes it. */
  readonly models: readonly string[];
  /** AMD: the model by revision. */
  readonly byRevision?: Readonly<Record<string, string>>;
}

export interface PciCard {
  readonly family: string;
  /** Null where the identity leaves several models open. */
  readonly model: string | null;
  readonly possibleModels: readonly string[];
}

const amd: Readonly<Record<string, PciFamily>> = {
  '66af': { family: 'Vega 20', models: ['Radeon VII'] },
  '67df': {
    family: 'Polaris (Ellesmere)',
    models: ['RX 470', 'RX 480', 'RX 570', 'RX 580', 'RX 590', 'Pro 580X'],
    byRevision: {
      c0: 'Pro 580X',
      c1: 'RX 580',
      c2: 'RX 570',
      c3: 'RX 580',
      c4: 'RX 480',
      c5: 'RX 470',
      c6: 'RX 570',
      c7: 'RX 480',
      cf: 'RX 470',
      d7: 'RX 470',
      e0: 'RX 470',
      e1: 'RX 590',
      e7: 'RX 580',
      eb: 'Pro 580X',
      ef: 'RX 570',
      ff: 'RX 470',
    },
  },
  '67ef': {
    family: 'Polaris (Baffin)',
    models: ['RX 460', 'RX 560'],
    byRevision: { c1: 'RX 460', c5: 'RX 460', cf: 'RX 460', e0: 'RX 560', e5: 'RX 560', e7: 'RX 560', ff: 'RX 460' },
  },
  '67ff': {
    family: 'Polaris (Baffin)',
    models: ['RX 550', 'RX 560'],
    byRevision: { c1: 'RX 560', cf: 'RX 560', ef: 'RX 560', ff: 'RX 550' },
  },
  '6fdf': {
    family: 'Polaris 20 XL',
    models: ['RX 580 2048SP', 'RX 590 GME'],
    byRevision: { e7: 'RX 590 GME', ef: 'RX 580 2048SP' },
  },
  '687f': { family: 'Vega 10', models: ['RX Vega 56', 'RX Vega 64'] },
  '731f': {
    family: 'Navi 10',
    models: ['RX 5600 XT', 'RX 5600 OEM', 'RX 5600M', 'RX 5700', 'RX 5700 XT', 'RX 5700M'],
    byRevision: {
      c0: 'RX 5700 XT',
      c1: 'RX 5700 XT',
      c2: 'RX 5600M',
      c3: 'RX 5700M',
      c4: 'RX 5700',
      c5: 'RX 5700 XT',
      ca: 'RX 5600 XT',
      cb: 'RX 5600 OEM',
    },
  },
  '7340': {
    family: 'Navi 14',
    models: ['RX 5500 XT', 'RX 5500', 'RX 5500M', 'RX 5300', 'RX 5300M'],
    byRevision: { c1: 'RX 5500M', c3: 'RX 5300M', c5: 'RX 5500 XT', c7: 'RX 5500', cf: 'RX 5300' },
  },
  '73a5': { family: 'Navi 21', models: ['RX 6950 XT'] },
  '73af': { family: 'Navi 21', models: ['RX 6900 XT'] },
  '73bf': {
    family: 'Navi 21',
    models: ['RX 6800', 'RX 6800 XT', 'RX 6900 XT'],
    byRevision: { c0: 'RX 6900 XT', c1: 'RX 6800 XT', c3: 'RX 6800' },
  },
  '73df': {
    family: 'Navi 22',
    models: ['RX 6700', 'RX 6700 XT', 'RX 6750 XT', 'RX 6750 GRE 12GB', 'RX 6700M', 'RX 6800M'],
    byRevision: {
      c0: 'RX 6750 XT',
      c1: 'RX 6700 XT',
      c2: 'RX 6800M',
      c3: 'RX 6800M',
      c5: 'RX 6700 XT',
      cf: 'RX 6700M',
      d5: 'RX 6750 GRE 12GB',
      df: 'RX 6700',
      e5: 'RX 6750 GRE 12GB',
      ff: 'RX 6700',
    },
  },
  '73ef': {
    family: 'Navi 23',
    models: ['RX 6650 XT', 'RX 6650M', 'RX 6650M XT', 'RX 6700S', 'RX 6800S'],
    byRevision: { c0: 'RX 6800S', c1: 'RX 6650 XT', c2: 'RX 6700S', c3: 'RX 6650M', c4: 'RX 6650M XT' },
  },
  '73ff': {
    family: 'Navi 23',
    models: ['RX 6600', 'RX 6600 XT', 'RX 6600M', 'RX 6600S', 'RX 6600 LE', 'RX 6750 GRE 10GB'],
    byRevision: {
      c1: 'RX 6600 XT',
      c3: 'RX 6600M',
      c7: 'RX 6600',
      cb: 'RX 6600S',
      cf: 'RX 6600 LE',
      df: 'RX 6750 GRE 10GB',
    },
  },
  '744c': {
    family: 'Navi 31',
    models: ['RX 7900 XTX', 'RX 7900 XT', 'RX 7900 GRE', 'RX 7900M'],
    byRevision: { c8: 'RX 7900 XTX', cc: 'RX 7900 XT', ce: 'RX 7900 GRE', cf: 'RX 7900M' },
  },
  '747e': {
    family: 'Navi 32',
    models: ['RX 7800 XT', 'RX 7700 XT', 'RX 7700', 'RX 7800M'],
    byRevision: { c8: 'RX 7800 XT', d8: 'RX 7800M', db: 'RX 7700', ff: 'RX 7700 XT' },
  },
};

const nvidia: Readonly<Record<string, PciFamily>> = {
  '1b06': { family: 'GP102', models: ['GTX 1080 Ti'] },
  '1b07': { family: 'GP102', models: ['P102-100'] },
  '1b80': { family: 'GP104', models: ['GTX 1080'] },
  '1b81': { family: 'GP104', models: ['GTX 1070'] },
  '1b82': { family: 'GP104', models: ['GTX 1070 Ti'] },
  '1b87': { family: 'GP104', models: ['P104-100'] },
  '1c02': { family: 'GP106', models: ['GTX 1060 3GB'] },
  '1c03': { family: 'GP106', models: ['GTX 1060 6GB'] },
  '1c07': { family: 'GP106', models: ['P106-100'] },
  '1c09': { family: 'GP106', models: ['P106-090'] },
  '1e04': { family: 'TU102', models: ['RTX 2080 Ti'] },
  '1e07': { family: 'TU102', models: ['RTX 2080 Ti'] },
  '1e09': { family: 'TU102', models: ['CMP 50HX'] },
  '1e81': { family: 'TU104', models: ['RTX 2080 Super'] },
  '1e82': { family: 'TU104', models: ['RTX 2080'] },
  '1e87': { family: 'TU104', models: ['RTX 2080'] },
  '1e84': { family: 'TU104', models: ['RTX 2070 Super'] },
  '1f02': { family: 'TU106', models: ['RTX 2070'] },
  '1f06': { family: 'TU106', models: ['RTX 2060 Super'] },
  '1f0b': { family: 'TU106', models: ['CMP 40HX'] },
  '2082': { family: 'GA100', models: ['CMP 170HX'] },
  '20c2': { family: 'GA100', models: ['CMP 170HX'] },
  '2182': { family: 'TU116', models: ['GTX 1660 Ti'] },
  '2184': { family: 'TU116', models: ['GTX 1660'] },
  '2189': { family: 'TU116', models: ['CMP 30HX'] },
  '21c4': { family: 'TU116', models: ['GTX 1660 Super'] },
  '2203': { family: 'GA102', models: ['RTX 3090 Ti'] },
  '2204': { family: 'GA102', models: ['RTX 3090'] },
  '2206': { family: 'GA102', models: ['RTX 3080'] },
  '2208': { family: 'GA102', models: ['RTX 3080 Ti'] },
  '220a': { family: 'GA102', models: ['RTX 3080 12GB'] },
  '220d': { family: 'GA102', models: ['CMP 90HX'] },
  '2216': { family: 'GA102', models: ['RTX 3080'] },
  '2482': { family: 'GA104', models: ['RTX 3070 Ti'] },
  '2484': { family: 'GA104', models: ['RTX 3070'] },
  '2486': { family: 'GA104', models: ['RTX 3060 Ti'] },
  '2488': { family: 'GA104', models: ['RTX 3070'] },
  '2489': { family: 'GA104', models: ['RTX 3060 Ti'] },
  '248a': { family: 'GA104', models: ['CMP 70HX'] },
  '2503': { family: 'GA106', models: ['RTX 3060'] },
  '2504': { family: 'GA106', models: ['RTX 3060'] },
  '2684': { family: 'AD102', models: ['RTX 4090'] },
  '2704': { family: 'AD103', models: ['RTX 4080'] },
  '2782': { family: 'AD104', models: ['RTX 4070 Ti'] },
  '2786': { family: 'AD104', models: ['RTX 4070'] },
};

const vendors: ReadonlyMap<string, ReadonlyMap<string, PciFamily>> = new Map([
  ['1002', new Map(Object.entries(amd))],
  ['10de', new Map(Object.entries(nvidia))],
]);

/**
 * What is known of the card with this identity; null for one that is not in the table.
 *
 * @param vendor hexadecimal digits, `0x1002` or `1002`, as are `device` and `revision`; no revision: null.
 */
export function findPciCard(vendor: string, device: string, revision: string | null): PciCard | null {
  const known = vendors.get(digits(vendor))?.get(digits(device));
  if (known === undefined) return null;
  const { family, models, byRevision } = known;
  const model = models.length === 1 ? models[0] : new Map(Object.entries(byRevision ?? {})).get(digits(revision ?? ''));
  return { family, model: model ?? null, possibleModels: model === undefined ? models : [model] };
}

/** Graphics of AMD's processors and chipsets, from Llano to Strix: device numbers 1xxx, 96xx, 98xx and 99xx in pci.ids. */
const amdIntegrated = /^(?:1[0-9a-f]{3}|9[689][0-9a-f]{2})$/;

/**
 * The models that a display controller of AMD or NVIDIA may be, null for one that nobody here has heard of; no list for
 * graphics of a processor, which are no card of a rig.
 */
export function modelsOnPci(identity: {
  readonly vendor: string;
  readonly device: string;
  readonly revision: string;
}): readonly (string | null)[] | null {
  const { vendor, device, revision } = identity;
  const card = findPciCard(vendor, device, revision);
  if (card !== null) return card.possibleModels;
  return digits(vendor) === '1002' && amdIntegrated.test(digits(device)) ? null : [null];
}

function digits(raw: string): string {
  return raw.trim().toLowerCase().replace(/^0x/, '');
}
