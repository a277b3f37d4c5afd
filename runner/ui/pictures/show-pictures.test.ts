import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {Readable, Writable} from 'node:stream';
import {encode} from 'fast-png';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {ReviewsPicture} from '../../checks/result.ts';
import {createPaint} from '../paint.ts';
import {createPictureShow} from './show-pictures.ts';

const deviceAttributes = '\u001b[c';
const sixelTerminal = '\u001b[6;20;10t\u001b[?62;4c';
const plainTerminal = '\u001b[?1;2c';

let folder: string;
let pictures: ReviewsPicture[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'pictures-'));
  const png = encode({width: 60, height: 24, data: new Uint8Array(60 * 24 * 3).fill(200), channels: 3});
  pictures = ['anonymous', 'jason', 'john'].map(visitor => ({
    visitor,
    stars: 'black',
    version: 'v2',
    path: path.join(folder, `${visitor}.png`),
  }));
  for (const {path: file} of pictures) await writeFile(file, png);
});
afterEach(() => rm(folder, {recursive: true}));

/** A terminal that answers as told and remembers what was written. */
function terminalOf(options: {answer?: string; rows?: number; env?: Record<string, string>}) {
  const {answer, rows = 24, env = {TERM: 'xterm-256color'}} = options;
  let written = '';
  const listeners = new Set<() => void>();
  const stdin = Object.assign(new Readable({read() {}, encoding: 'utf8'}), {
    isTTY: true,
    setRawMode() {},
    ref() {},
  });
  const stdout = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        written += String(chunk);
        if (answer !== undefined && String(chunk).endsWith(deviceAttributes)) stdin.push(answer);
        for (const listener of listeners) listener();
        done();
      },
    }),
    {isTTY: true, columns: 80, rows},
  );
  const {show} = createPictureShow({
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    env,
    paint: createPaint(false),
  });
  return {
    stdin,
    show,
    written: () => written,
    /** Resolves when `text` has been written for the `times`th time. */
    wrote: (text: string, times = 1) =>
      new Promise<void>(resolve => {
        const look = (): void => {
          if (written.split(text).length > times) resolve();
        };
        listeners.add(look);
        look();
      }),
  };
}

const never = new AbortController().signal;

describe('the pictures on a terminal', () => {
  it('are shown as many at once as the window holds, and one key leads from page to page', async () => {
    const terminal = terminalOf({answer: sixelTerminal});
    const shown = terminal.show(pictures, never);
    await terminal.wrote('any key shows more');
    expect(terminal.written()).toContain('anonymous  black stars, reviews v2\n');
    expect(terminal.written()).not.toContain('jason  ');
    terminal.stdin.push(' ');
    await terminal.wrote('any key shows more', 2);
    terminal.stdin.push('\u001b[A');
    await terminal.wrote('any key goes back');
    expect(terminal.written().split('\u001bP')).toHaveLength(4);
    terminal.stdin.push('x');
    await shown;
    expect(terminal.written().endsWith('any key goes back\r\u001b[2K')).toBe(true);
    expect(terminal.stdin.read()).toBeNull();
  });

  it('are all there at once in a high window', async () => {
    const terminal = terminalOf({answer: sixelTerminal, rows: 50});
    const shown = terminal.show(pictures, never);
    await terminal.wrote('any key goes back');
    expect(terminal.written()).not.toContain('shows more');
    terminal.stdin.push('q');
    await shown;
  });

  it.each(['q', '\u001b', '\u0003'])('go away at %j before all were seen', async key => {
    const terminal = terminalOf({answer: sixelTerminal});
    const shown = terminal.show(pictures, never);
    await terminal.wrote('any key shows more');
    terminal.stdin.push(key);
    await shown;
    expect(terminal.written()).not.toContain('john');
  });

  it('are files where the terminal does not draw, and it is asked once', async () => {
    const terminal = terminalOf({answer: plainTerminal});
    for (const times of [1, 2]) {
      const shown = terminal.show(pictures, never);
      await terminal.wrote('any key goes back', times);
      terminal.stdin.push(' ');
      await shown;
    }
    expect(terminal.written().split(deviceAttributes)).toHaveLength(2);
    for (const {path: file} of pictures) expect(terminal.written()).toContain(`  ${file}\n`);
  });

  it('leave to the app what was typed before the terminal had answered, or did not', async () => {
    const terminal = terminalOf({});
    const shown = terminal.show(pictures, never);
    await terminal.wrote(deviceAttributes);
    terminal.stdin.push('l\u001b[B');
    await shown;
    expect(terminal.written()).toContain('john.png');
    expect(terminal.stdin.read()).toBe('l\u001b[B');
  });

  it.each<[string, Record<string, string>]>([
    ['off', {TERM: 'xterm-256color', ISTIO_WORKSHOP_PICTURES: 'off'}],
    ['dumb', {TERM: 'dumb'}],
    ['GNU screen', {TERM: 'screen', STY: '1'}],
  ])('ask nothing of a terminal that is %s', async (_name, env) => {
    const terminal = terminalOf({answer: sixelTerminal, env});
    const shown = terminal.show(pictures, never);
    await terminal.wrote('any key goes back');
    terminal.stdin.push(' ');
    await shown;
    expect(terminal.written().replaceAll('\u001b[2K', '')).not.toContain('\u001b');
  });

  it('end with the signal', async () => {
    const terminal = terminalOf({answer: sixelTerminal});
    const stop = new AbortController();
    const shown = terminal.show(pictures, stop.signal);
    await terminal.wrote('any key shows more');
    stop.abort();
    await shown;
    expect(terminal.written().endsWith('\r\u001b[2K')).toBe(true);
  });
});
