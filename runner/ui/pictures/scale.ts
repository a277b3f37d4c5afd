export interface Pixels {
  width: number;
  height: number;
  /** Red, green, blue, alpha: four bytes a pixel, row by row. */
  data: Uint8Array;
}

/** Scales by the mean of what each new pixel covers: thin strokes of letters get paler, but none is lost. */
export function scalePixels(source: Pixels, size: {width: number; height: number}): Pixels {
  const {width, height} = size;
  if (width === source.width && height === source.height) return source;
  const data = new Uint8Array(width * height * 4);
  const across = cover(source.width, width);
  const down = cover(source.height, height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const sum = [0, 0, 0, 0];
      for (const [row, tall] of down[y] ?? []) {
        for (const [column, wide] of across[x] ?? []) {
          const at = (row * source.width + column) * 4;
          for (let channel = 0; channel < 4; channel += 1)
            sum[channel] = (sum[channel] ?? 0) + (source.data[at + channel] ?? 0) * tall * wide;
        }
      }
      data.set(sum.map(Math.round), (y * width + x) * 4);
    }
  }
  return {width, height, data};
}

/** For each new pixel of a row, which old ones it covers and by which part of itself. */
function cover(from: number, to: number): readonly (readonly (readonly [index: number, part: number])[])[] {
  const step = from / to;
  return Array.from({length: to}, (_, index) => {
    const start = index * step;
    const end = Math.min(from, start + step);
    const parts: [number, number][] = [];
    for (let at = Math.floor(start); at < end; at += 1) {
      const part = (Math.min(end, at + 1) - Math.max(start, at)) / (end - start);
      if (part > 0) parts.push([at, part]);
    }
    return parts;
  });
}
