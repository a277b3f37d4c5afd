import {decode} from 'fast-png';
import {image2sixel} from 'sixel/lib/SixelEncoder.js';
import {type Pixels, scalePixels} from './scale.ts';

/** No terminal has more registers than a sixel picture may name. */
const mostColours = 256;

/**
 * A PNG as sixels of exactly this size, since a sixel is a pixel of the terminal's screen.
 * @param options.colours how many the terminal has for it
 */
export function encodeSixel(
  png: Uint8Array,
  options: {width: number; height: number; colours?: number | undefined},
): string {
  const {width, height, colours = mostColours} = options;
  const {data} = scalePixels(pixelsOf(png), {width, height});
  return image2sixel(data, width, height, Math.min(mostColours, colours));
}

function pixelsOf(png: Uint8Array): Pixels {
  const {width, height, data: samples, channels} = decode(png);
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const at = pixel * channels;
    const grey = channels < 3;
    for (let channel = 0; channel < 3; channel += 1)
      data[pixel * 4 + channel] = samples[grey ? at : at + channel] ?? 0;
    if (channels === 2 || channels === 4) data[pixel * 4 + 3] = samples[at + channels - 1] ?? 255;
  }
  return {width, height, data};
}
