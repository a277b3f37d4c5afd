import {readFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type Pty, startPty} from './testing/pty.ts';
import {type TestIo, testIo} from './testing/test-io.ts';

let outside: TestIo;
let open: Pty[];

beforeEach(() => {
  outside = testIo();
  open = [];
});

afterEach(async () => {
  for (const app of open) {
    app.kill('SIGTERM');
    await app.exited;
  }
  const down = start(['sandbox', 'down', '--delete']);
  await down.exited;
  outside.remove();
});

const enter = '\r';
const escapeKey = '\u001b';
const up = '\u001b[A';

function start(
  args: readonly string[] = [],
  options: {env?: Record<string, string>; columns?: number; rows?: number} = {},
): Pty {
  const {io, folder} = outside;
  const program = process.env['ISTIO_WORKSHOP_BUILD'] ?? io.programFolder;
  const env = Object.fromEntries(
    Object.entries({...io.env, NO_COLOR: '', EDITOR: 'true', ...options.env}).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  const pty = startPty({
    command: process.execPath,
    args: [path.join(program, 'main.mjs'), ...args],
    env: {...env, TERM: 'xterm-256color', ...options.env},
    directory: folder,
    ...(options.columns ? {columns: options.columns} : {}),
    ...(options.rows ? {rows: options.rows} : {}),
  });
  if (args.length === 0) open.push(pty);
  return pty;
}

/** The app at the first step of the first lab. */
async function atFirstStep(options: Parameters<typeof start>[1] = {}): Promise<Pty> {
  const app = start([], options);
  await app.see('Where shall the labs run?');
  app.type(enter);
  await app.see('⏎ run');
  return app;
}

/** The cursor is shown again, and the shell gets the keys. */
function isRestored(app: Pty): boolean {
  const written = app.written();
  return written.lastIndexOf('\u001b[?25h') > written.lastIndexOf('\u001b[?25l');
}

describe('the app in a terminal', () => {
  it('goes from the chooser through the first lab by Enter alone, and resumes where it was', async () => {
    const app = await atFirstStep();
    expect(app.screen()[1]).toContain('Lab 1 · Create a cluster');
    app.type(enter);
    await app.see('step done');
    app.type(enter);
    await app.see('step 2 of 2');
    app.type(enter);
    await app.see('1 of 7 ▰▱▱▱▱▱▱');
    expect(app.everything().join('\n')).toContain('Start the cluster');
    app.type('q');
    await app.see('Still running: the sandbox');
    expect(await app.exited).toBe(0);
    expect(isRestored(app)).toBe(true);
    open = [];

    const again = start();
    await again.see('1 of 7 ▰▱▱▱▱▱▱');
    await again.see('step 2 of 2');
  });

  it('asks before it solves, lists the labs, helps, and comes back from each', async () => {
    const app = await atFirstStep();
    app.type('s');
    await app.see('any other key no');
    app.type('n');
    await app.see('⏎ run');
    app.type('l');
    await app.see('⏎ go there');
    app.type(escapeKey);
    await app.see('⏎ run');
    app.type('?');
    await app.see('any key goes back');
    app.type('x');
    await app.see('⏎ run');
    app.type('r');
    await app.see('Undo lab 1');
    app.type('n');
    await app.see('⏎ run');
  });

  it('runs a command of the learner, keeps it in the history, and interrupts it', async () => {
    const app = await atFirstStep();
    app.type(':');
    await app.see('Tab complete');
    app.type('kub');
    await app.see('$ kub');
    app.type('\t');
    await app.see('$ kubectl');
    app.type(`\u0015echo häß && sleep 60${enter}`);
    await app.see(/^ +häß$/m);
    await app.see('Ctrl+C stop');
    app.type('\u0003');
    await app.see('interrupted');
    app.type(':');
    await app.see('Tab complete');
    app.type(up);
    await app.see(/\$ echo häß && sleep 60[\s\S]*\$ echo häß && sleep 60/);
    app.type(escapeKey);
    await app.miss('Tab complete');
    // Where nothing runs, Ctrl+C is the way out.
    app.type('\u0003');
    expect(await app.exited).toBe(0);
    open = [];
  });

  it('answers keys while a command runs', async () => {
    const app = await atFirstStep();
    app.type(':');
    await app.see('Tab complete');
    app.type(`seq 1 200000; sleep 60${enter}`);
    await app.see('lines above');
    const startedAt = performance.now();
    app.type('?');
    await app.see('any key goes back');
    expect(performance.now() - startedAt).toBeLessThan(1000);
    app.type('x\u0003');
    await app.see('interrupted');
    await app.see(/… \d+ more lines: f unfolds …/);
    app.type('f');
    await app.miss('f unfolds');
    app.type('f');
    await app.see('f unfolds');
  });

  it('draws anew at every size, says when the window is too small, and never clears the scroll-back', async () => {
    const app = await atFirstStep({columns: 150, rows: 40});
    expect(app.screen()[0]).toContain(outside.folder);
    for (const [columns, rows] of [
      [80, 24],
      [62, 16],
      [200, 50],
      [40, 10],
      [80, 24],
    ] as const) {
      app.resize(columns, rows);
      const shown = columns < 60 ? 'The window is too small' : 'Lab 1 · Create a cluster';
      await app.miss(columns < 60 ? 'Lab 1' : 'The window is too small');
      // Once, and nothing of the frame before it; a terminal that is resized may show both for a moment.
      const others = `(?:(?!${shown})[\\s\\S])*`;
      await app.see(new RegExp(`^${others}${shown}${others}$`));
    }
    await app.see('⏎ run');
    expect(app.written()).not.toContain('\u001b[3J');
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'])('restores the terminal after %s', async signal => {
    const app = await atFirstStep();
    app.kill(signal);
    expect(await app.exited).toBe({SIGTERM: 143, SIGINT: 130, SIGHUP: 129}[signal]);
    expect(isRestored(app)).toBe(true);
    open = [];
  });

  it('is put aside by Ctrl+Z, and comes back with fg', async () => {
    const {io} = outside;
    const main = path.join(process.env['ISTIO_WORKSHOP_BUILD'] ?? io.programFolder, 'main.mjs');
    const env = Object.fromEntries(Object.entries(io.env).filter(([, value]) => value !== undefined));
    const shell = startPty({
      command: '/bin/bash',
      args: ['--norc', '-i'],
      env: {...(env as Record<string, string>), PS1: 'shell> ', TERM: 'xterm-256color'},
      directory: outside.folder,
    });
    open.push(shell);
    await shell.see('shell> ');
    shell.type(`${process.execPath} ${main}\n`);
    await shell.see('Where shall the labs run?');
    shell.type('\u001a');
    await shell.see(/Stopped[\s\S]*shell>\s*$/);
    shell.type('echo still $((40+2))\n');
    await shell.see('still 42');
    shell.type('fg\n');
    await shell.see(/still 42[\s\S]*Where shall the labs run\?/);
    shell.type(enter);
    await shell.see('⏎ run');
    shell.type('q');
    await shell.see(/Your place is kept[\s\S]*shell>\s*$/);
    shell.type('exit\n');
    await shell.exited;
    open = [];
  });

  it('has the same keys as answers where the terminal can not draw', async () => {
    const app = start([], {env: {TERM: 'dumb'}});
    await app.see('Where shall the labs run?');
    app.type('1\n');
    await app.see('Enter run');
    app.type('?\n');
    await app.see(/do the rest of the step[\s\S]*Enter run/);
    app.type(':echo own $((40+2))\n');
    await app.see(/^ *own 42$[\s\S]*Enter run/m);
    app.type('s\n');
    await app.see('y or n:');
    app.type('y\n');
    await app.see('Enter next step');
    app.type('l\n');
    await app.see('Number of the lab, or Enter to go back:');
    app.type('\n');
    await app.see(/Enter to go back:[\s\S]*Enter next step/);
    app.type('q\n');
    expect(await app.exited).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: nothing that moves a cursor may be there
    expect(app.written()).not.toMatch(/\u001b/);
    open = [];
  });

  it('shows no colour where none is wanted', async () => {
    const app = await atFirstStep({env: {NO_COLOR: '1'}});
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what must not be there
    expect(app.written()).not.toMatch(/\u001b\[[\d;]+m/);
  });

  it('refuses a second app on the same workshop with a sentence', async () => {
    await atFirstStep();
    const second = start(['--plain', 'list']);
    await second.exited;
    const third = start();
    await third.see('is open in another istio-workshop');
    expect(await third.exited).toBe(3);
    open = open.slice(0, 1);
  });

  it('keeps the place when it is killed', async () => {
    const app = await atFirstStep();
    app.type('s');
    await app.see('any other key no');
    app.type('y');
    await app.see('step done');
    app.type(enter);
    await app.see('step 2 of 2');
    const progress = path.join(outside.folder, 'state/workshops/default/progress.json');
    await expect.poll(() => JSON.parse(readFileSync(progress, 'utf8')).position?.step).toBe(1);
    app.kill('SIGKILL');
    await app.exited;
    open = [];
    await start().see('step 2 of 2');
  });
});
