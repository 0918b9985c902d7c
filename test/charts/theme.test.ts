import { describe, expect, test } from 'vitest';
import { type Theme, themes } from '../../src/charts/theme.ts';

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const share = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(Object.entries<Theme>(themes))('%s', (_, theme) => {
  test('words reach 4.5:1, on gaps too', () => {
    for (const ground of [theme.background, theme.gap]) {
      expect(contrast(theme.ink, ground)).toBeGreaterThan(7);
      expect(contrast(theme.muted, ground)).toBeGreaterThan(4.5);
    }
  });

  test.each(theme.series)('%s reaches 3:1', (color) => {
    expect(contrast(color, theme.background)).toBeGreaterThan(3);
  });
});
