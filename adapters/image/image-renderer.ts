import { createHash } from 'node:crypto';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { ImageRenderer, PictureRequest } from '../../src/ports/image.ts';
import type { Log } from '../../src/ports/log.ts';
import { DrawingThread } from './drawing-thread.ts';
import { PictureCache } from './picture-cache.ts';

const MOST_CACHED_BYTES = 16 * 1024 * 1024;
/** Of a chart's JSON: a hundred times that of a common one. */
const MOST_CHART_LENGTH = 2_000_000;

export interface ImageRendererOptions {
  readonly log?: Log;
  /** For the wait of a picture and, again, for its drawing. */
  readonly timeLimitMs?: number;
  /** What runs in the thread. */
  readonly script?: URL;
}

/** Draws PNGs in one thread of its own. The same picture asked for again, or by many at once, is drawn once. */
export function createImageRenderer({
  log,
  timeLimitMs = 5000,
  script = new URL('./drawing-worker.ts', import.meta.url),
}: ImageRendererOptions = {}): ImageRenderer {
  const thread = new DrawingThread({ script, timeLimitMs, log: log ?? null });
  const cache = new PictureCache(MOST_CACHED_BYTES);
  const underWay = new Map<string, Promise<Uint8Array>>();

  async function draw(key: string, request: PictureRequest): Promise<Uint8Array> {
    try {
      const png = await thread.draw(request);
      cache.add(key, png);
      return png;
    } finally {
      underWay.delete(key);
    }
  }

  return {
    async png(request) {
      const key = keyOf(request);
      const cached = cache.get(key);
      if (cached !== null) return cached;
      const drawing = underWay.get(key) ?? draw(key, request);
      underWay.set(key, drawing);
      return drawing;
    },
    close: () => thread.close(),
  };
}

function keyOf({ chart, theme, locale, timeZone }: PictureRequest): string {
  const content = JSON.stringify([chart, theme, locale, timeZone]);
  if (content.length > MOST_CHART_LENGTH) {
    throw new UpstreamError('image', 'The picture cannot be drawn: the chart holds too much', { retryable: false });
  }
  return createHash('sha256').update(content).digest('base64');
}
