/** Pictures to the size that a network takes. */

import type { Shape } from '../../space/network.ts';
import type { Picture } from './orientation.ts';

/** Luma of BT.601, the weights that PNG and JPEG tools use for grey. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** By the mean over the area that each new pixel covers; grey for one channel. */
export function resize(picture: Picture, [height = 1, width = 1, channels = 3]: Shape): Uint8Array {
  const out = new Uint8Array(height * width * channels);
  const { data } = picture;
  for (let h = 0; h < height; h++) {
    const [top, bottom] = span(h, height, picture.height);
    for (let w = 0; w < width; w++) {
      const [left, right] = span(w, width, picture.width);
      const sum = [0, 0, 0];
      let area = 0;
      for (let y = Math.floor(top); y < bottom; y++) {
        const tall = Math.min(bottom, y + 1) - Math.max(top, y);
        for (let x = Math.floor(left); x < right; x++) {
          const weight = tall * (Math.min(right, x + 1) - Math.max(left, x));
          const at = (y * picture.width + x) * 4;
          for (let c = 0; c < 3; c++) sum[c] = (sum[c] ?? 0) + weight * (data[at + c] ?? 0);
          area += weight;
        }
      }
      const to = (h * width + w) * channels;
      const [red = 0, green = 0, blue = 0] = sum;
      if (channels === 1) out[to] = Math.round((LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue) / area);
      else for (let c = 0; c < channels; c++) out[to + c] = Math.round((sum[c] ?? 0) / area);
    }
  }
  return out;
}

/** The stretch of the old axis under pixel `i` of the new one; at least one old pixel wide, inside the image. */
function span(i: number, size: number, oldSize: number): readonly [number, number] {
  const scale = oldSize / size;
  if (scale >= 1) return [i * scale, Math.min(oldSize, (i + 1) * scale)];
  const at = Math.min(oldSize - 1, Math.floor((i + 0.5) * scale));
  return [at, at + 1];
}
