import {readFile} from 'node:fs/promises';
import stringWidth from 'string-width';
import type {ReviewsPicture} from '../../checks/result.ts';
import type {Paint} from '../paint.ts';
import {askTerminal} from './ask-terminal.ts';
import {captionOf, linkTo, takesLinks} from './caption.ts';
import {createDrawer, type Drawer} from './drawer.ts';
import {detectProtocol, protocolOf} from './protocol.ts';

/** How long a terminal may think about what it can do; one that draws answers within a few milliseconds. */
const answerLimit = 300;

export interface PictureTerminal {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  env: Readonly<Record<string, string | undefined>>;
  paint: Paint;
}

export interface PictureShow {
  /**
   * Shows the pictures on a terminal that nobody else uses meanwhile, as many at once as the window holds, until a
   * key is pressed or the signal comes. Where it can't draw, their files are named. What was shown stays, as output
   * does.
   */
  show(pictures: readonly ReviewsPicture[], signal: AbortSignal): Promise<void>;
}

/** Remembers from one time to the next what the terminal can do: it is asked once. */
export function createPictureShow({stdin, stdout, env, paint}: PictureTerminal): PictureShow {
  let known: {drawer: Drawer | undefined} | undefined;

  /** @returns keys that were typed while the terminal was asked. */
  async function prepare(): Promise<string> {
    const isTerminal = stdin.isTTY === true && stdout.isTTY === true;
    const detected = detectProtocol({env, isTerminal});
    if (detected.kind === 'never') {
      known = {drawer: undefined};
      return '';
    }
    const kitty = detected.kind === 'ask' && detected.kitty;
    const {answers, typed} = await askTerminal({stdin, stdout, kitty, limit: answerLimit});
    const protocol = detected.kind === 'draws' ? detected.protocol : protocolOf(answers);
    known = {drawer: protocol && (await createDrawer(protocol, answers, windowOf(stdout)))};
    return typed;
  }

  async function show(pictures: readonly ReviewsPicture[], signal: AbortSignal): Promise<void> {
    stdin.setRawMode(true);
    stdin.ref();
    const typed = known ? '' : await prepare();
    const drawer = known?.drawer;
    // Who has typed on wants to go on.
    const wait = async (more: boolean): Promise<boolean> =>
      typed === '' && (await waitForKey({stdin, stdout, more, signal, paint}));
    if (drawer) await drawAll(drawer, pictures, wait);
    else {
      for (const picture of pictures) {
        await write(`${captionOf(picture, paint)}\n  ${linkTo(picture.path, takesLinks(env))}\n`);
      }
      await wait(false);
    }
    if (typed !== '') stdin.unshift(typed, 'utf8');
  }

  async function drawAll(
    drawer: Drawer,
    pictures: readonly ReviewsPicture[],
    wait: (more: boolean) => Promise<boolean>,
  ): Promise<void> {
    const {columns, rows} = windowOf(stdout);
    // The last line is for what to press.
    const room = rows - 1;
    let left = room;
    for (const [index, picture] of pictures.entries()) {
      const lines = [captionOf(picture, paint), paint.quiet(linkTo(picture.path, takesLinks(env)))];
      const text = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / columns)), 0);
      const drawing = drawer.draw(await readFile(picture.path), {columns, rows: room - text});
      if (text + drawing.rows > left && index > 0) {
        if (!(await wait(true))) return;
        left = room;
      }
      await write(`${lines.join('\n')}\n${drawing.sequence}\n`);
      left -= text + drawing.rows;
    }
    await wait(false);
  }

  function write(text: string): Promise<void> {
    return new Promise(resolve => stdout.write(text, () => resolve()));
  }

  return {show};
}

function windowOf({columns, rows}: NodeJS.WriteStream): {columns: number; rows: number} {
  return {columns: columns || 80, rows: rows || 24};
}

/** @returns false when nothing more is to be shown. */
function waitForKey(options: {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  more: boolean;
  signal: AbortSignal;
  paint: Paint;
}): Promise<boolean> {
  const {stdin, stdout, more, signal, paint} = options;
  const key = (name: string, what: string) => `${paint.key(name)} ${paint.quiet(what)}`;
  stdout.write(
    more ? `${key('any key', 'shows more')}  ${key('q', 'goes back')}` : key('any key', 'goes back'),
  );
  return new Promise(resolve => {
    const finish = (goesOn: boolean): void => {
      stdin.off('readable', look);
      signal.removeEventListener('abort', stop);
      stdout.write('\r\u001b[2K');
      resolve(goesOn);
    };
    const stop = (): void => finish(false);
    const look = (): void => {
      let pressed = '';
      for (let chunk = stdin.read(); chunk !== null; chunk = stdin.read()) pressed += String(chunk);
      if (pressed !== '') finish(!['q', '\u001b', '\u0003'].includes(pressed));
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, {once: true});
    stdin.on('readable', look);
  });
}
