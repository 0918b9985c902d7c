import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/data/dialects/index.ts';
import { speedtestDialect, speedtests } from '../../src/data/speedtests.ts';
import { units } from '../../src/domain/units.ts';

const choice = { evidence: 'configured', source: 'rigshift.yaml' } as const;

describe('the speed tests', () => {
  it('are seven at least, with an id each', () => {
    expect(speedtests.length).toBeGreaterThanOrEqual(7);
    expect(new Set(speedtests.map(({ id }) => id)).size).toBe(speedtests.length);
  });

  it.each(speedtests)('$id prints speeds', ({ down, up }) => {
    expect([units[down.unit].dimension, units[up.unit].dimension]).toEqual(['data rate', 'data rate']);
  });

  it.each(speedtests)('$id is read only when it is chosen', (one) => {
    const defaults = new Set(dialects.flatMap(({ series }) => Object.keys(series)));
    for (const name of Object.keys(speedtestDialect(one).series)) expect(defaults.has(name)).toBe(false);
  });
});

describe('speedtestDialect', () => {
  it('reads two series as two directions', () => {
    const down = { series: 'down_mbps', unit: 'Mbit/s' } as const;
    const up = { series: 'up_mbps', unit: 'kbit/s', only: { label: 'server', value: 'near' } } as const;
    expect(speedtestDialect({ ...choice, down, up }).series).toEqual({
      down_mbps: { kind: 'line', direction: 'down', unit: 'Mbit/s', unknown: [0] },
      up_mbps: {
        kind: 'line',
        direction: 'up',
        unit: 'kbit/s',
        unknown: [0],
        only: { label: 'server', value: 'near' },
      },
    });
  });

  it('reads one direction alone', () => {
    const down = { series: 'speed', unit: 'byte/s' } as const;
    expect(Object.keys(speedtestDialect({ ...choice, down, up: null }).series)).toEqual(['speed']);
  });

  it('keeps both directions of one series', () => {
    const one = speedtests.find(({ id }) => id === 'stefanwalther');
    expect(one && speedtestDialect(one).series).toEqual({
      speedtest_bits_per_second: {
        kind: 'lines',
        label: 'direction',
        down: 'downstream',
        up: 'upstream',
        unit: 'Mbit/s',
        unknown: [0],
      },
    });
  });

  it('refuses one series for both directions without a label', () => {
    const line = { series: 'speed', unit: 'bit/s' } as const;
    expect(() => speedtestDialect({ ...choice, down: line, up: line })).toThrow(RangeError);
  });
});
