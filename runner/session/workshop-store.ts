import {mkdir, readdir, readFile, rm} from 'node:fs/promises';
import path from 'node:path';
import type {Verdict, VisitorRow, WantedPage} from '../checks/result.ts';
import {asDiskError, exitCodes, WorkshopError} from '../errors.ts';
import type {Progress} from '../state/state.ts';
import {readVersioned, writeWhole} from './files.ts';
import type {LastRouted} from './routed.ts';
import {isProgress, isWorkshopRecord, type WorkshopRecord} from './stored-shapes.ts';

const format = 1;

/** One learner's named run: where its state lies and how it is read and written. */
export interface WorkshopStore {
  readonly name: string;
  /** Its own folder, private to the user. */
  readonly folder: string;
  readRecord(): Promise<WorkshopRecord | undefined>;
  writeRecord(record: Omit<WorkshopRecord, 'format'>): Promise<void>;
  readProgress(): Promise<Progress>;
  writeProgress(progress: Progress): Promise<void>;
  /** What the last check of the page saw; nothing where none was, or where its record can't be read. */
  readLastCheck(): Promise<LastCheck | undefined>;
  writeLastCheck(check: LastCheck): Promise<void>;
  /** How long the last change took to reach the proxies; nothing where none was, or where its record can't be read. */
  readLastRouted(): Promise<LastRouted | undefined>;
  writeLastRouted(routed: LastRouted): Promise<void>;
  remove(): Promise<void>;
}

/** What a check of the page saw, for who asks why afterwards. */
export interface LastCheck {
  /** Milliseconds since the epoch. */
  at: number;
  lab: string;
  verdict: Verdict;
  rows: readonly VisitorRow[];
  /** What each visitor should have seen. */
  wanted: readonly WantedPage[];
}

/** Opens the store of one workshop; makes its folder. @throws WorkshopError when it can't be written. */
export async function openWorkshopStore(options: {
  stateFolder: string;
  name: string;
}): Promise<WorkshopStore> {
  const {stateFolder, name} = options;
  if (!/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/.test(name)) {
    throw new WorkshopError({
      code: 'bad-workshop-name',
      message: `"${name}" can't be a workshop's name.`,
      remedies: ['Use up to 32 lower-case letters, digits and dashes, such as --workshop tuesday'],
      exitCode: exitCodes.usage,
    });
  }
  const folder = path.join(stateFolder, 'workshops', name);
  try {
    await mkdir(folder, {recursive: true, mode: 0o700});
  } catch (error) {
    const refused = asDiskError(error, folder);
    if (refused) throw refused;
    throw new WorkshopError({
      code: 'not-writable',
      message: `Can't write to the state folder ${stateFolder}.`,
      detail: error instanceof Error ? error.message : String(error),
      remedies: ['Make it writable, or choose another one: ISTIO_WORKSHOP_STATE=/some/folder'],
      cause: error,
    });
  }
  const recordFile = path.join(folder, 'workshop.json');
  const lastCheckFile = path.join(folder, 'last-check.json');
  const lastRoutedFile = path.join(folder, 'last-routed.json');
  const progressFile = path.join(folder, 'progress.json');
  return {
    name,
    folder,
    readRecord: () => readVersioned<WorkshopRecord>(recordFile, {format, isWhole: isWorkshopRecord}),
    writeRecord: record => writeWhole(recordFile, `${JSON.stringify({format, ...record}, null, 2)}\n`),
    async readProgress() {
      const stored = await readVersioned<Progress & {format: number}>(progressFile, {
        format,
        isWhole: isProgress,
      });
      if (!stored) return {labs: {}};
      const {format: _, ...progress} = stored;
      return progress;
    },
    writeProgress: progress =>
      writeWhole(progressFile, `${JSON.stringify({format, ...progress}, null, 2)}\n`),
    readLastCheck: async () => {
      try {
        const {format: _, ...check} = JSON.parse(await readFile(lastCheckFile, 'utf8'));
        return Array.isArray(check.rows) && Array.isArray(check.wanted) ? check : undefined;
      } catch {
        return undefined;
      }
    },
    writeLastCheck: check => writeWhole(lastCheckFile, `${JSON.stringify({format, ...check})}\n`),
    readLastRouted: async () => {
      try {
        const {milliseconds, proxies, at} = JSON.parse(await readFile(lastRoutedFile, 'utf8'));
        const whole = [milliseconds, proxies, at].every(each => typeof each === 'number');
        return whole ? {milliseconds, proxies, at} : undefined;
      } catch {
        return undefined;
      }
    },
    writeLastRouted: routed => writeWhole(lastRoutedFile, `${JSON.stringify({format, ...routed})}\n`),
    remove: () => rm(folder, {recursive: true, force: true}),
  };
}

/** The names of all workshops in a state folder. */
export async function workshopNames(stateFolder: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(stateFolder, 'workshops'), {withFileTypes: true}).catch(() => []);
  return entries.filter(entry => entry.isDirectory()).map(entry => entry.name);
}
