import {EventEmitter} from 'node:events';
import xterm from '@xterm/headless';
import {afterEach, expect, it, vi} from 'vitest';
import {terminalFor} from './terminal.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** What ink writes to take a frame away. */
function erasing(frame: string): string {
  const ups = '\u001b[2K\u001b[1A'.repeat(frame.split('\n').length - 1);
  return `${ups}\u001b[2K\u001b[G`;
}

/** A window, and a program that draws frames in it as ink does. */
function openWindow(columns: number, rows: number) {
  const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, convertEol: true});
  const stdout = Object.assign(new EventEmitter(), {
    columns,
    rows,
    write: (text: string) => {
      terminal.write(text);
      return true;
    },
  });
  const {stdout: seen, answered, close} = terminalFor(stdout as unknown as NodeJS.WriteStream);
  let questions = 0;
  // As ink reads it, without the escape character.
  terminal.onData(data => {
    questions += 1;
    expect(answered(data.slice(1))).toBe(true);
  });
  ends.push(close);
  let last = '';
  const draw = (frame: string): void => {
    if (frame !== last) seen.write(erasing(last) + frame);
    last = frame;
  };
  return {
    draw,
    print: (text: string) => {
      seen.write(erasing(last));
      seen.write(text);
      seen.write(last);
    },
    async resize(columns: number, rows: number) {
      await flushed();
      terminal.resize(columns, rows);
      const narrower = columns < stdout.columns;
      Object.assign(stdout, {columns, rows});
      stdout.emit('resize');
      if (narrower) {
        seen.write(erasing(last));
        last = '';
      }
    },
    /** The window alone, once it is at rest. */
    async atRest(): Promise<string[]> {
      const before = questions;
      await vi.waitFor(() => expect(questions).toBeGreaterThan(before));
      await flushed();
      const {active} = terminal.buffer;
      return Array.from({length: terminal.rows}, (_, row) =>
        (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
      );
    },
    /** The window changes while what was written is still on its way to it. */
    late(columns: number, rows: number) {
      terminal.resize(columns, rows);
    },
    async lines() {
      await flushed();
      const {buffer} = terminal;
      const all = Array.from({length: buffer.active.length}, (_, index) =>
        buffer.active.getLine(index)?.translateToString(true),
      );
      return all.filter(Boolean);
    },
  };

  function flushed(): Promise<void> {
    return new Promise(resolve => terminal.write('', resolve));
  }
}

const lines = (word: string, length: number): string =>
  Array.from({length}, (_, index) => `${word} ${index + 1}\n`).join('');
const tall = lines('line', 12);
/** As high as a window of six rows lets it be: a higher window then shows again what it had pushed out. */
const low = lines('low', 5);

it('leaves nothing of a frame that a lower window pushed out of reach', async () => {
  const window = openWindow(40, 20);
  window.draw(tall);
  await window.resize(40, 6);
  window.draw(low);
  await window.resize(40, 20);
  window.draw(tall);
  expect(await window.lines()).toEqual(tall.trim().split('\n'));
});

it('leaves what was printed before and meanwhile', async () => {
  const window = openWindow(40, 20);
  window.print('before\n');
  window.draw(tall);
  await window.resize(40, 6);
  window.draw(low);
  window.print('meanwhile\n');
  await window.resize(40, 20);
  window.draw(tall);
  const shown = await window.lines();
  expect(shown[0]).toBe('before');
  expect(shown.slice(-13)).toEqual(['meanwhile', ...tall.trim().split('\n')]);
});

it('leaves nothing of lines that a narrower window folded', async () => {
  const window = openWindow(40, 20);
  const wide = `${'x'.repeat(35)}\n${'y'.repeat(35)}\n`;
  window.draw(wide);
  await window.resize(20, 20);
  window.draw('narrow\n');
  expect(await window.lines()).toEqual(['narrow']);
});

it('keeps nothing above the frame once a window is at rest, whatever it was shown on the way', async () => {
  const window = openWindow(40, 20);
  window.print('before\n');
  window.draw(tall);
  await window.resize(40, 12);
  // It is low already when the frame comes, and the next size is known before that.
  window.late(40, 6);
  window.draw(lines('middle', 11));
  await window.resize(60, 20);
  window.draw(tall);
  const shown = await window.atRest();
  expect(shown.filter(Boolean)).toEqual(tall.trim().split('\n'));
  expect(shown[0]).toBe('line 1');
  expect(await window.lines()).toContain('before');
});

it('asks again where a frame came between the question and the answer', async () => {
  const window = openWindow(40, 20);
  window.print('before\n');
  window.draw(tall);
  await window.resize(40, 14);
  const shown = window.atRest();
  window.draw(lines('other', 3));
  await shown;
  expect((await window.lines()).slice(-3)).toEqual(['other 1', 'other 2', 'other 3']);
});

it('takes no key for the answer to a question that nobody asked', () => {
  const {answered} = terminalFor(Object.assign(new EventEmitter(), {columns: 80, rows: 24}) as never);
  // F3 with Shift.
  expect(answered('[1;2R')).toBe(false);
});
