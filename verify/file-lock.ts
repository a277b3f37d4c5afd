import {createHash} from 'node:crypto';
import {linkSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {identityOf, type ProcessIdentity, stillRuns} from './process-identity.ts';

export type LockAttempt =
  | {taken: true; release(): void}
  /** @property holder undefined: nobody can tell yet, since it is being taken or written */
  | {taken: false; holder?: ProcessIdentity};

export interface LockOptions {
  file: string;
  /** In whose name it is taken. */
  pid?: number;
  /** Milliseconds for which a lock that can't be read is left to whoever may still be writing it. */
  patience?: number;
}

/**
 * Takes a lock that is a file, or tells who has it. The lock of a process that has ended, however it ended, is taken
 * over, and by one process only, however many try: what removes the old lock is a claim on that very lock, its text
 * included, so that nobody who judged it earlier removes the next one.
 * @throws what the file system says.
 */
export function tryLock({file, pid = process.pid, patience = 0}: LockOptions): LockAttempt {
  const own = {...identityOf(pid), at: `${process.hrtime.bigint()}`};
  for (;;) {
    // A stale one goes first: on a full disk the new one needs its room.
    const found = readIfThere(file);
    if (found === undefined) {
      if (!create(file, JSON.stringify(own))) continue;
      return {
        taken: true,
        release() {
          if (readIfThere(file) === JSON.stringify(own)) rmSync(file, {force: true});
        },
      };
    }
    const holder = readHolder(found);
    if (holder ? stillRuns(holder) : patience > 0 && ageOf(file) < patience) {
      return {taken: false, ...(holder ? {holder} : {})};
    }
    if (!removeStale(file, found)) return {taken: false};
  }
}

/** Makes the lock with what it says in it, so that nobody ever sees it empty. @returns false when there is one. */
function create(file: string, text: string): boolean {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, text, {mode: 0o600});
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(draft, {force: true});
  }
}

/**
 * Removes a lock that was judged, unless somebody else is about to. A claim is a link whose target names the
 * claimer: it needs no room on a disk. One whose claimer has ended is followed by the next, and all of them go when
 * the lock is gone.
 * @returns false when another process that runs has the claim, or had it a moment ago.
 */
function removeStale(file: string, judged: string): boolean {
  const claims = `${file}.${createHash('sha256').update(judged).digest('hex').slice(0, 12)}`;
  const {pid, startTicks = ''} = identityOf(process.pid);
  for (let number = 0; ; number += 1) {
    const claim = `${claims}.${number}`;
    try {
      symlinkSync(`${pid}-${startTicks}`, claim);
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
      const [claimer, ticks] = readLink(claim)?.split('-') ?? [];
      if (!claimer || stillRuns({pid: Number(claimer), ...(ticks ? {startTicks: ticks} : {})})) return false;
      continue;
    }
    try {
      if (readIfThere(file) === judged) rmSync(file, {force: true});
      return true;
    } finally {
      for (let each = 0; each <= number; each += 1) rmSync(`${claims}.${each}`, {force: true});
    }
  }
}

/** Earlier versions wrote the number alone, or `started` in place of `startTicks`. */
function readHolder(text: string): ProcessIdentity | undefined {
  try {
    const read = JSON.parse(text);
    const holder = typeof read === 'number' ? {pid: read} : read;
    if (!Number.isSafeInteger(holder?.pid) || holder.pid <= 0) return undefined;
    return typeof holder.started === 'string' && holder.started !== ''
      ? {pid: holder.pid, startTicks: holder.started}
      : holder;
  } catch {
    return undefined;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function readLink(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

function ageOf(file: string): number {
  return Date.now() - (statSync(file, {throwIfNoEntry: false})?.mtimeMs ?? 0);
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
