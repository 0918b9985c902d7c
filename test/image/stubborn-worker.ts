import { parentPort } from 'node:worker_threads';
import type { DrawRequest, DrawResponse } from '../../adapters/image/drawing-messages.ts';

/**
 * A drawing thread that does what the title says: `die`, `throw`, `hang` (in a loop that nothing interrupts), `wait` (until
 * the next picture), `refuse`; anything else is drawn as how many pictures this thread was asked for.
 */
let asked = 0;

parentPort?.on('message', ({ id, request }: DrawRequest) => {
  asked += 1;
  const { title } = request.chart;
  if (title === 'die') process.exit(1);
  if (title === 'throw') throw new Error('torn canvas');
  while (title === 'hang');
  if (title === 'wait') return;
  const response: DrawResponse =
    title === 'refuse' ? { id, error: 'no such colour' } : { id, png: new Uint8Array([asked]) };
  parentPort?.postMessage(response);
});
