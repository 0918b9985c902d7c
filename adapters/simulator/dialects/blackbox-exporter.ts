import { Exposition } from '../exposition.ts';
import type { RigReading } from '../reading.ts';

/** blackbox_exporter outside the site, which knocks at the rig's door: it answers whether the rig does or not. */
export function renderBlackboxExporter({ cards, rig }: RigReading): string {
  const page = new Exposition();
  const isOpen = cards.length > 0;
  const gauge = (name: string, help: string, value: number) => page.gauge(`probe_${name}`, help, [['', value]]);
  gauge('dns_lookup_time_seconds', 'Returns the time taken for probe dns lookup in seconds', 0.0021);
  gauge(
    'duration_seconds',
    'Returns how long the probe took to complete in seconds',
    isOpen ? 0.042 + (rig.index % 7) / 1000 : 5,
  );
  gauge('ip_protocol', 'Specifies whether probe ip protocol is IP4 or IP6', 4);
  gauge('success', 'Displays whether or not the probe was a success', isOpen ? 1 : 0);
  return page.text();
}
