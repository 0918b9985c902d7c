import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownKeys } from '../../src/config/keys.ts';
import { ConfigError } from '../../src/config/mistake.ts';
import { nearestName } from '../../src/config/nearest.ts';
import { fileSchema } from '../../src/config/schema.ts';
import { garage, parseWritten } from './written.ts';

/** Whether a text is accepted or refused; anything else that is thrown comes through. */
async function isAccepted(yaml: string, csv?: string): Promise<boolean> {
  try {
    await parseWritten(yaml, csv === undefined ? {} : { csv });
    return true;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.mistakes.length).toBeGreaterThan(0);
    expect(error.message.split('\n').length).toBe(Math.min(error.mistakes.length, 51) + 1);
    return false;
  }
}

const steps = [...new Set(knownKeys(fileSchema).flatMap((key) => key.split(/\.|\[\]/)))].filter((step) => step !== '');

/** Objects that reach deep into the schema, with values of any kind. */
const farms = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.oneof(fc.jsonValue(), fc.constantFrom('USD', 'RVN', 'a1', 'UTC', '0.06 CAD', '__proto__')),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...steps, 'RTX 3090', 'USD/CAD', '__proto__', 'constructor'), tie('value'), {
      maxKeys: 5,
    }),
  ),
})).value;

describe('any input', () => {
  it('is accepted or refused with a ConfigError, as an object', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.object(), fc.anything(), farms), async (value) => {
        await isAccepted(JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item)) ?? '');
      }),
      { numRuns: 600 },
    );
  });

  it('is accepted or refused with a ConfigError, as text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (text) => isAccepted(text).then(() => {})),
      {
        numRuns: 400,
      },
    );
  });

  it('is accepted or refused with a ConfigError, with pieces of a good file cut, doubled or replaced', async () => {
    const place = fc.nat({ max: garage.length });
    await fc.assert(
      fc.asyncProperty(place, fc.nat({ max: 40 }), fc.string({ maxLength: 12 }), async (from, length, insert) => {
        await isAccepted(garage.slice(0, from) + insert + garage.slice(from + length));
      }),
      { numRuns: 400 },
    );
  });

  it('is accepted or refused with a ConfigError, as an inventory', async () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('a1', 'garage', '', '500', 'rig', 'site', '"'));
    const table = fc.array(
      fc.array(cell, { maxLength: 5 }).map((cells) => cells.join(',')),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(table, fc.boolean(), async (lines, hasHeader) => {
        const csv = [...(hasHeader ? ['rig,site,purchasePrice'] : []), ...lines].join('\n');
        await isAccepted(`${garage}inventory: rigs.csv`, csv);
      }),
      { numRuns: 400 },
    );
  });
});

describe('a good file', () => {
  it('keeps its meaning whatever number stands for the power price', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ noNaN: true, noDefaultInfinity: true }), async (price) => {
        const { farm } = await parseWritten(garage.replace('0.06', String(price)));
        expect(farm.sites[0]?.tariff.pricePerKwh.amount).toBe(price === 0 ? 0 : price);
      }),
    );
  });
});

describe('the nearest name', () => {
  it.each([
    ['tarif', 'tariff'],
    ['PUE', 'pue'],
    ['pu', 'pue'],
    ['naem', 'name'],
    ['timezome', 'timezone'],
    ['quebec', undefined],
    ['x', undefined],
    ['', undefined],
  ])('of %j is %j', (word, expected) => {
    expect(nearestName(word, ['name', 'pue', 'tariff', 'timezone'])).toBe(expected);
  });

  it('is the name itself where it is there', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, selector: (name) => name.toLowerCase() });
    fc.assert(
      fc.property(names, fc.nat(), (candidates, pick) => {
        const name = candidates[pick % candidates.length] ?? '';
        expect(nearestName(name, candidates)).toBe(name);
      }),
    );
  });
});
