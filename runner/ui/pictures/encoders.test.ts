import {encode} from 'fast-png';
import {describe, expect, it} from 'vitest';
import {createDrawer} from './drawer.ts';
import {encodeIterm2} from './iterm2.ts';
import {encodeKitty} from './kitty.ts';
import {pngSize} from './png-size.ts';
import {encodeSixel} from './sixel.ts';
import {readSixel} from './testing/read-sixel.ts';

type Colour = readonly [red: number, green: number, blue: number];

const paper: Colour = [250, 247, 242];
const ink: Colour = [29, 36, 51];
const red: Colour = [239, 68, 68];

/** Paper with a line of ink, and nine small red squares: as much red as stars have. */
function reviews({width = 752, height = 302, noise = false} = {}): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const star = y >= 20 && y < 36 && x % 40 < 16 && x < 9 * 40;
      const colour = star ? red : y % 50 === 49 ? ink : paper;
      // Grey of every shade, as the edges of letters have.
      const shade = noise && !star && y > 60 ? (x * 7 + y * 13) % 200 : 0;
      data.set(
        colour.map(value => Math.max(0, value - shade)),
        (y * width + x) * 3,
      );
    }
  }
  return encode({width, height, data, channels: 3});
}

function near(colour: readonly number[] | undefined, wanted: Colour): boolean {
  // Sixels know a hundred steps of each colour.
  return colour?.length === 3 && wanted.every((value, at) => Math.abs(value - (colour[at] ?? -99)) <= 6);
}

describe('a picture for kitty', () => {
  it('is the same PNG in chunks of at most 4096 bytes, with the size in cells in the first', () => {
    const png = reviews({noise: true});
    const sequence = encodeKitty(png, {columns: 60, rows: 12});
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences are made of them
    const chunks = [...sequence.matchAll(/\u001b_G([^;]*);([^\u001b]*)\u001b\\/g)];
    expect(chunks.map(([whole]) => whole).join('')).toBe(sequence);
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks[0]?.[1]).toBe('a=T,f=100,q=2,c=60,r=12,m=1');
    expect(chunks.slice(1).map(([, keys]) => keys)).toEqual([...Array(chunks.length - 2).fill('m=1'), 'm=0']);
    for (const [, , data = ''] of chunks.slice(0, -1)) expect(data).toHaveLength(4096);
    const decoded = Buffer.from(chunks.map(([, , data]) => data).join(''), 'base64');
    expect(decoded.equals(png)).toBe(true);
  });

  it('says that nothing follows where one chunk is enough', () => {
    expect(encodeKitty(new Uint8Array([1, 2, 3]), {columns: 1, rows: 1})).toBe(
      '\u001b_Ga=T,f=100,q=2,c=1,r=1,m=0;AQID\u001b\\',
    );
  });
});

describe('a picture for iTerm2', () => {
  it('is the same PNG, inline, with its length', () => {
    const png = reviews();
    const sequence = encodeIterm2(png, {columns: 60});
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence is made of them
    const [, settings, data = ''] = /^\u001b\]1337;File=([^:]*):(.*)\u0007$/.exec(sequence) ?? [];
    expect(settings).toBe(`inline=1;size=${png.length};width=60;height=auto;preserveAspectRatio=1`);
    expect(Buffer.from(data, 'base64').equals(png)).toBe(true);
  });
});

describe('a picture in sixels', () => {
  it.each([256, 16])('keeps its size and the colour of the stars among %i colours', colours => {
    const sequence = encodeSixel(reviews({noise: true}), {width: 600, height: 240, colours});
    const picture = readSixel(sequence);
    expect([picture.width, picture.height]).toEqual([600, 240]);
    expect(picture.colours).toBeLessThanOrEqual(colours);
    // The middles of the nine stars.
    const stars = Array.from({length: 9}, (_, star) =>
      picture.at(Math.round(((star * 40 + 8) * 600) / 752), Math.round((28 * 240) / 302)),
    );
    expect(stars.filter(colour => near(colour, red))).toHaveLength(9);
    expect(near(picture.at(300, 6), paper)).toBe(true);
  });

  it('paints every pixel once', () => {
    const picture = readSixel(encodeSixel(reviews(), {width: 300, height: 100}));
    expect(picture.unpainted).toBe(0);
  });

  it('takes grey and transparent pictures, too', () => {
    const grey = encode({width: 6, height: 6, data: new Uint8Array(36).fill(128), channels: 1});
    expect(near(readSixel(encodeSixel(grey, {width: 6, height: 6})).at(3, 3), [128, 128, 128])).toBe(true);
    const data = new Uint8Array(36 * 4).map((_, index) => (index % 4 === 3 ? 255 : (red[index % 4] ?? 0)));
    const opaque = encode({width: 6, height: 6, data, channels: 4});
    expect(near(readSixel(encodeSixel(opaque, {width: 12, height: 12})).at(6, 6), red)).toBe(true);
  });
});

describe('a drawer', () => {
  const window = {columns: 80, rows: 24};

  it.each(['kitty', 'iterm2', 'sixel'] as const)('fits a picture for %s into the window', async protocol => {
    const drawer = await createDrawer(protocol, {cell: {width: 10, height: 20}}, window);
    const {rows, sequence} = drawer.draw(reviews(), {columns: 80, rows: 20});
    expect([12, 13]).toContain(rows);
    if (protocol === 'sixel') expect(readSixel(sequence).width).toBe(600);
    else expect(sequence).toMatch(/(c|width)=60/);
  });

  it('knows a PNG by its beginning', () => {
    expect(pngSize(reviews())).toEqual({width: 752, height: 302});
    expect(() => pngSize(new Uint8Array(30))).toThrow('no PNG');
  });
});
