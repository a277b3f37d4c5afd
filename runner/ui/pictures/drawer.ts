import {cellIn, fitPicture} from './fit.ts';
import {encodeIterm2} from './iterm2.ts';
import {encodeKitty} from './kitty.ts';
import {pngSize} from './png-size.ts';
import type {Protocol} from './protocol.ts';
import type {TerminalAnswers} from './terminal-answers.ts';

/** What is written for one picture, and how many lines it takes. */
export interface Drawing {
  sequence: string;
  rows: number;
}

export interface Drawer {
  /** A picture that fits into so many columns and rows. */
  draw(png: Uint8Array, room: {columns: number; rows: number}): Drawing;
}

/**
 * Loads what a protocol needs: only sixel has to know the pixels.
 * @param window as it was when the terminal answered
 */
export async function createDrawer(
  protocol: Protocol,
  answers: TerminalAnswers,
  window: {columns: number; rows: number},
): Promise<Drawer> {
  const {colours} = answers;
  const cell = answers.cell ?? cellIn(answers.area, window);
  const {encodeSixel} = protocol === 'sixel' ? await import('./sixel.ts') : {};
  return {
    draw(png, room) {
      const fit = fitPicture({...pngSize(png), ...room, cell});
      const {columns, rows, nearestRows, width, height} = fit;
      if (encodeSixel) return {sequence: encodeSixel(png, {width, height, colours}), rows};
      if (protocol === 'iterm2') return {sequence: encodeIterm2(png, {columns}), rows};
      return {sequence: encodeKitty(png, {columns, rows: nearestRows}), rows: nearestRows};
    },
  };
}
