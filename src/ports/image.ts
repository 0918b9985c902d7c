import type { ChartBlock } from '../chat/reply.ts';

export interface PictureRequest {
  readonly chart: ChartBlock;
  readonly theme: 'light' | 'dark';
  readonly locale: string;
  /** IANA zone of the axis of time. */
  readonly timeZone: string;
}

/** Draws charts, away from the main thread. */
export interface ImageRenderer {
  /** A PNG, twice as many pixels as it is shown with. @throws UpstreamError where it cannot be drawn in time. */
  png(request: PictureRequest): Promise<Uint8Array>;
  close(): Promise<void>;
}
