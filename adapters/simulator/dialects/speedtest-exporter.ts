import { Exposition } from '../exposition.ts';
import { chance, topics } from '../random.ts';
import type { RigReading } from '../reading.ts';

const hourMs = 3_600_000;

/** The variant `miguelndecarvalho`: a test each hour, all of it 0 where that one failed. */
export function renderSpeedtestExporter({ rig, seed, atMs }: RigReading): string {
  const page = new Exposition();
  const draw = (salt: number) => chance(seed, topics.line, rig.index, Math.floor(atMs / hourMs), salt);
  const worked = draw(1) > 0.06;
  const gauge = (name: string, help: string, value: number) =>
    page.gauge(`speedtest_${name}`, help, [['', worked ? Math.round(value) : 0]]);
  gauge('server_id', 'Speedtest server ID used to test', 4_207);
  gauge('jitter_latency_milliseconds', 'Speedtest current Jitter in ms', 1 + draw(2));
  gauge('ping_latency_milliseconds', 'Speedtest current Ping in ms', 6 + 3 * draw(3));
  gauge('download_bits_per_second', 'Speedtest current Download Speed in bit/s', (900 + 45 * draw(4)) * 1e6);
  gauge('upload_bits_per_second', 'Speedtest current Upload speed in bits/s', (840 + 60 * draw(5)) * 1e6);
  gauge('up', 'Speedtest status whether the scrape worked', 1);
  return page.text();
}
