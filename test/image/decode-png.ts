import { createCanvas, loadImage } from '@napi-rs/canvas';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** How many pixels have exactly this colour, `#rrggbb`. */
  readonly count: (color: string) => number;
}

export async function decodePng(png: Uint8Array): Promise<Pixels> {
  const image = await loadImage(png);
  const { width, height } = image;
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return {
    width,
    height,
    count: (color) => {
      const wanted = Number.parseInt(`${color.slice(1)}ff`, 16);
      return Array.from({ length: width * height }, (_, at) => pixels.getUint32(at * 4)).filter((own) => own === wanted)
        .length;
    },
  };
}
