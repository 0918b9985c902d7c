import { createHash } from 'node:crypto';
import { createImageRenderer } from '../../adapters/image/image-renderer.ts';
import { netPerDay, sites } from '../charts/sample-charts.ts';

/** Prints what pictures come to, drawn with the fonts that this process has: a line for each. */
const renderer = createImageRenderer({ timeLimitMs: 15_000 });
for (const chart of [sites, ...['é', '€', 'Œ', '₿', 'CA$'].map((title) => ({ ...netPerDay, title }))]) {
  const png = await renderer.png({ chart, theme: 'light', locale: 'fr-CA', timeZone: 'America/Toronto' });
  process.stdout.write(`${createHash('sha256').update(png).digest('hex')}\n`);
}
await renderer.close();
