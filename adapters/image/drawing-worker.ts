import { parentPort } from 'node:worker_threads';
import { drawingOf } from '../../src/charts/drawing.ts';
import type { DrawRequest, DrawResponse } from './drawing-messages.ts';
import { paint } from './paint.ts';

const SIZE = { width: 640, height: 400 } as const;

parentPort?.on('message', ({ id, request }: DrawRequest) => {
  try {
    const { chart, ...readers } = request;
    const png = paint(drawingOf(chart, { ...readers, ...SIZE }));
    parentPort?.postMessage({ id, png } satisfies DrawResponse, [png.buffer]);
  } catch (error) {
    parentPort?.postMessage({
      id,
      error: error instanceof Error ? error.message : String(error),
    } satisfies DrawResponse);
  }
});
