/** What a sixel terminal would have on its screen. */
export interface SixelPicture {
  width: number;
  height: number;
  /** How many colours it defines. */
  colours: number;
  /** Pixels that nothing was painted on. */
  unpainted: number;
  at(x: number, y: number): readonly number[] | undefined;
}

/** Raster attributes, a colour, a run of sixels, or a move to the line's begin or the next band. */
const token = /"(\d+);(\d+);(\d+);(\d+)|#(\d+)(?:;2;(\d+);(\d+);(\d+))?|(?:!(\d+))?([?-~])|([$\r\n-])/y;

/**
 * Reads a sixel sequence as DEC's VT330/VT340 manual describes it (chapter 14), to prove the encoder; knows RGB
 * colours only.
 */
export function readSixel(sequence: string): SixelPicture {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence begins and ends with them
  const [, body] = /^\u001bP[\d;]*q(.*)\u001b\\$/s.exec(sequence) ?? [];
  if (body === undefined) throw new Error('This is no sixel sequence.');
  const registers = new Map<number, readonly number[]>();
  let pixels = new Int16Array();
  let [width, height, x, y] = [0, 0, 0, 0];
  let register = -1;
  token.lastIndex = 0;
  while (token.lastIndex < body.length) {
    const from = token.lastIndex;
    const [, , , wide, high, number, red, green, blue, times, sixel, move] = token.exec(body) ?? [];
    if (wide !== undefined) {
      [width, height] = [Number(wide), Number(high)];
      pixels = new Int16Array(width * height).fill(-1);
    } else if (number !== undefined) {
      register = Number(number);
      if (red !== undefined)
        registers.set(
          register,
          [red, green, blue].map(share => Math.round((Number(share) * 255) / 100)),
        );
    } else if (sixel !== undefined) {
      const bits = sixel.charCodeAt(0) - 63;
      const end = x + Number(times ?? 1);
      for (; x < end; x += 1) {
        for (let row = 0; row < 6; row += 1) {
          if (bits & (1 << row) && y + row < height) pixels[(y + row) * width + x] = register;
        }
      }
    } else if (move === '$') x = 0;
    else if (move === '-') [x, y] = [0, y + 6];
    else if (move === undefined)
      throw new Error(`Unexpected in a sixel sequence: ${body.slice(from, from + 20)}`);
  }
  return {
    width,
    height,
    colours: registers.size,
    unpainted: pixels.filter(pixel => pixel < 0).length,
    at: (column, row) => registers.get(pixels[row * width + column] ?? -1),
  };
}
