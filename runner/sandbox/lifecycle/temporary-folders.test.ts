import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished, vi} from 'vitest';
import {abandonedTemporaryFolders, makeTemporaryFolder, sweepTemporaryFolders} from './temporary-folders.ts';

it('of dead processes go, and nothing else', () => {
  const parent = mkdtempSync(join(tmpdir(), 'sweep-'));
  onTestFinished(() => rmSync(parent, {recursive: true, force: true}));
  vi.stubEnv('TMPDIR', parent);
  const own = makeTemporaryFolder('sockets');
  const make = (name: string) => {
    mkdirSync(join(parent, name));
    writeFileSync(join(parent, name, 'file'), '');
    return join(parent, name);
  };
  const dead = [make('iw-sockets-1073741824-1-abcdef'), make(`iw-sockets-${process.ppid}-1-abcdef`)];
  const others = [
    make('iw-browser-1073741824-1-abcdef'),
    make('iw-sockets-abcdef'),
    make('iw-sockets-1073741824-1-abcdef-x'),
    make('somebody-elses'),
  ];
  writeFileSync(join(parent, 'iw-sockets-1073741824-2-abcdef'), 'a file');
  // Where the system doesn't tell when a process started, its number alone has to do.
  const known = process.platform === 'linux' ? dead : dead.slice(0, 1);
  expect(abandonedTemporaryFolders('sockets').toSorted()).toEqual(known.toSorted());
  sweepTemporaryFolders('sockets');
  expect(known.filter(folder => existsSync(folder))).toEqual([]);
  expect([own, ...others].filter(folder => !existsSync(folder))).toEqual([]);
});
