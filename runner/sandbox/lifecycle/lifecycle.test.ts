import {existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {identityOf, stillRuns} from '../../../verify/process-identity.ts';
import {manualClock} from '../testing/manual-clock.ts';
import {sandboxStatus} from './control.ts';
import {endWhenIdle, idleLimit} from './idle.ts';
import {takeLock} from './lock.ts';
import {createLogFile} from './log-file.ts';
import {openStateFolder, statePaths} from './state-folder.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'iw-life-'));
});

afterEach(() => rmSync(directory, {recursive: true, force: true}));

describe('the state folder', () => {
  it('is made for the owner alone', () => {
    const inside = join(directory, 'a', 'b');
    expect(openStateFolder({directory: inside, name: 'n'})).toMatchObject({name: 'n', port: 0});
    expect(statSync(inside).mode & 0o777).toBe(0o700);
  });

  it('refuses what a newer version wrote', () => {
    writeFileSync(statePaths(directory).record, '{"format": 2}');
    expect(() => openStateFolder({directory, name: 'n'})).toThrow('was written by a newer version');
  });

  it.each([
    '',
    '{"form',
    'null',
    '[]',
    '{"format":1,"name":7,"port":-1,"chartsPort":"80"}',
    '{"format":1,"port":1e9,"chartsPort":1.5}',
  ])('takes new ports where its record is damaged: %s', record => {
    writeFileSync(statePaths(directory).record, record);
    expect(openStateFolder({directory, name: 'n'})).toEqual({format: 1, name: 'n', port: 0, chartsPort: 0});
  });

  it('says plainly that it can not be written', () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(() => openStateFolder({directory: join(file, 'x'), name: 'n'})).toThrow(
      "can't write to its state folder",
    );
  });
});

describe('a sandbox that an older version started', () => {
  it('is found running, and fast', async () => {
    const handshake = {pid: process.pid, name: 'n', process: identityOf(process.pid)};
    writeFileSync(statePaths(directory).handshake, JSON.stringify(handshake));
    expect(await sandboxStatus(directory)).toMatchObject({name: 'n', pace: 'fast'});
  });
});

describe('the lock', () => {
  it('refuses a second holder while the first runs', () => {
    const path = join(directory, 'lock');
    writeFileSync(path, JSON.stringify(identityOf(process.ppid)));
    expect(() => takeLock(path)).toThrow(`Another process (${process.ppid}) serves this sandbox already.`);
  });

  it.each([
    ['of a process that has ended', {pid: 2 ** 30, bootedAt: 0}],
    ['of an earlier process with the same id', {...identityOf(process.ppid), startTicks: '1', bootedAt: 0}],
    ['that is torn', undefined],
  ])('takes over a lock %s', (_what, holder) => {
    const path = join(directory, 'lock');
    writeFileSync(path, holder ? JSON.stringify(holder) : '{"pi');
    const unlock = takeLock(path);
    expect(JSON.parse(readFileSync(path, 'utf8')).pid).toBe(process.pid);
    unlock();
    expect(existsSync(path)).toBe(false);
  });

  it('knows a process from another one', () => {
    const own = identityOf(process.pid);
    expect(stillRuns(own)).toBe(true);
    expect(stillRuns({...own, pid: 2 ** 30})).toBe(false);
  });
});

describe('the log', () => {
  it('keeps its size: beyond the limit a new file begins', () => {
    const path = join(directory, 'log');
    const log = createLogFile({path, clock: manualClock(), limit: 200});
    for (let index = 0; index < 20; index++) log.write(`entry ${index}`);
    expect(statSync(path).size).toBeLessThanOrEqual(200);
    expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(200);
    expect(readFileSync(path, 'utf8')).toContain('entry 19');
  });
});

describe('the end by idleness', () => {
  it('comes 8 hours after the last request, not after the start', () => {
    const clock = manualClock();
    let last = clock.now();
    let ended = 0;
    endWhenIdle({clock, lastActivity: () => last, onIdle: () => ended++});
    clock.advance(idleLimit - 1000);
    last = clock.now();
    clock.advance(idleLimit - 1);
    expect(ended).toBe(0);
    clock.advance(1);
    expect(ended).toBe(1);
  });

  it('does not come while something is open', () => {
    const clock = manualClock();
    let ended = 0;
    const stop = endWhenIdle({clock, lastActivity: () => clock.now(), onIdle: () => ended++});
    clock.advance(10 * idleLimit);
    expect(ended).toBe(0);
    stop();
    expect(clock.pending).toBe(0);
  });
});
