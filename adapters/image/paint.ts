import { fileURLToPath } from 'node:url';
import { createCanvas, DOMMatrix, GlobalFonts } from '@napi-rs/canvas';
import { init, setPlatformAPI } from 'echarts/dist/echarts.esm.min.mjs';
import type { Drawing } from '../../src/charts/drawing.ts';
import { fontFamily } from '../../src/charts/marks.ts';

/** Pixels of the picture for each one that it is shown with. */
const SHARPNESS = 2;

const fonts = [
  import.meta.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
  import.meta.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'),
];

registerFonts();
// echarts measures texts and draws patterns on canvases of its own.
setPlatformAPI({ createCanvas: () => createCanvas(32, 32) });
// It turns and shrinks patterns with the browser's matrix, and leaves them as they are where there is none.
Object.assign(globalThis, { DOMMatrix });

/** The bundled fonts, under a name that no font of the machine has. */
function registerFonts(): void {
  for (const font of fonts) {
    const path = fileURLToPath(font);
    if (GlobalFonts.registerFromPath(path, fontFamily) === null) throw new Error(`the font ${path} cannot be read`);
  }
}

/** The drawing as a PNG. Takes about 100 ms in one go: for a thread of its own. */
export function paint({ width, height, background, option }: Drawing): Uint8Array<ArrayBuffer> {
  const canvas = createCanvas(width * SHARPNESS, height * SHARPNESS);
  // Names and figures come printed: the locale is that of nothing that is shown.
  const chart = init(canvas, null, { renderer: 'canvas', width, height, devicePixelRatio: SHARPNESS, locale: 'EN' });
  try {
    chart.setOption({ ...option, useUTC: true, backgroundColor: background });
    return new Uint8Array(canvas.encodeSync('png'));
  } finally {
    chart.dispose();
  }
}
