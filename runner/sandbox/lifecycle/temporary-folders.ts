import {lstatSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {identityOf, stillRuns} from '../../../verify/process-identity.ts';

/** What a folder is for: a sandbox's sockets, a browser's profile, a workshop that is removed after its run. */
export type TemporaryUse = 'sockets' | 'browser' | 'fresh';

/** Makes a folder in the system's temporary one, whose name says which process it belongs to. */
export function makeTemporaryFolder(use: TemporaryUse): string {
  const {pid, startTicks = '0'} = identityOf(process.pid);
  return mkdtempSync(join(tmpdir(), `iw-${use}-${pid}-${startTicks}-`));
}

/** Folders of that use that are this user's and whose process has ended, however it ended. */
export function abandonedTemporaryFolders(use: TemporaryUse): readonly string[] {
  const pattern = new RegExp(`^iw-${use}-(\\d+)-(\\d+)-\\w{6}$`);
  return readdirSync(tmpdir()).flatMap(name => {
    const [, pid, startTicks] = pattern.exec(name) ?? [];
    const folder = join(tmpdir(), name);
    if (!pid || !startTicks || !isOurs(folder)) return [];
    // Where the system doesn't tell when a process started, one of the same number counts as the same.
    const known = startTicks === '0' ? {} : {startTicks};
    return stillRuns({...identityOf(Number(pid)), ...known, pid: Number(pid)}) ? [] : [folder];
  });
}

/** Removes what processes that were killed have left; what can't be removed stays. */
export function sweepTemporaryFolders(use: TemporaryUse): void {
  try {
    for (const folder of abandonedTemporaryFolders(use)) rmSync(folder, {recursive: true, force: true});
  } catch {
    // Another one sweeps at the same time, or the folder can't be read: nothing depends on it.
  }
}

function isOurs(folder: string): boolean {
  const there = lstatSync(folder, {throwIfNoEntry: false});
  return there?.isDirectory() === true && there.uid === process.geteuid?.();
}
