import type { PictureRequest } from '../../src/ports/image.ts';

/** What the main thread and the drawing thread say to each other. */
export interface DrawRequest {
  readonly id: number;
  readonly request: PictureRequest;
}

export type DrawResponse =
  | { readonly id: number; readonly png: Uint8Array<ArrayBuffer> }
  | { readonly id: number; readonly error: string };
