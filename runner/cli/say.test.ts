import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {PassThrough} from 'node:stream';
import {afterAll, expect, it} from 'vitest';
import {WorkshopError} from '../errors.ts';
import {lab} from '../testing/sample-labs.ts';
import {testIo} from '../testing/test-io.ts';
import {lint} from './commands/lint.ts';
import {list} from './commands/list.ts';
import type {Io} from './io.ts';
import {runCli} from './program.ts';
import {report} from './report.ts';
import {say} from './say.ts';

const planted = 'a\u001b[31mb\u0007c\u009b2Jd\re\u202ef';
const harmless = 'a[31mbc2Jdef';
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const outside = testIo();
afterAll(() => outside.remove());

/** Everything that `work` writes, on both streams. */
async function written(work: (io: Io) => unknown): Promise<string> {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', chunk => {
    text += chunk;
  });
  const tty = stream as unknown as NodeJS.WriteStream;
  await work({...outside.io, stdout: tty, stderr: tty, programFolder: outside.folder});
  return text;
}

it('says text without what a terminal acts upon', async () => {
  expect(await written(io => say(io.stderr, planted))).toBe(`${harmless}\n`);
});

it.each([false, true])('reports an error so, with its stack (json: %s)', async json => {
  const error = new WorkshopError({code: 'x', message: planted, detail: planted, remedies: [planted]});
  const text = await written(io => report(io, error, {json, debug: true}));
  expect(text).toMatch(json ? /"message":"a\\u001b/ : /error: a\[31mbc/);
  expect(text).not.toMatch(controls);
});

it('refuses a command line so', async () => {
  const text = await written(io => runCli({...io, argv: [`--${planted}`]}));
  expect(text).toContain(harmless);
  expect(text).not.toMatch(controls);
});

it.each([false, true])('lists labs so (json: %s)', async json => {
  const text = await written(async io => {
    writeFileSync(
      path.join(io.programFolder, 'labs.json'),
      JSON.stringify({format: 1, labs: [lab('first', 1, {title: planted})]}),
    );
    await list(io, {json});
  });
  expect(text).toContain(json ? '"title":"a\\u001b[31mb' : harmless);
  expect(text).not.toMatch(controls);
});

it.each([false, true])('names files of labs so (json: %s)', async json => {
  const text = await written(async io => {
    mkdirSync(path.join(io.directory, 'labs', planted.replace('\r', '')), {recursive: true});
    await lint(io, 'labs', {json});
  });
  expect(text).toContain(json ? 'a\\u001b[31mb' : 'a[31mb');
  expect(text).not.toMatch(controls);
});
