import {linkSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {WorkshopError} from '../../errors.ts';
import {identityOf, type ProcessIdentity, stillRuns} from './process-identity.ts';
import {readIfThere, readJson} from './state-folder.ts';

/**
 * Takes the lock of a state folder, so that one folder is served by one process. A lock whose process has ended,
 * however it ended, is taken over.
 * @returns what gives it back. @throws WorkshopError `sandbox-running` when another process holds it.
 */
export function takeLock(path: string): () => void {
  const own = identityOf(process.pid);
  for (let attempt = 0; ; attempt++) {
    const text = readIfThere(path);
    if (text !== undefined) {
      const holder = readJson<ProcessIdentity>(path);
      if (attempt > 3 || (holder && holder.pid !== own.pid && stillRuns(holder))) throw running(path, holder);
      // First of all, since on a full disk the new one needs its room.
      setAside(path, text);
    }
    if (create(path, own)) {
      return () => {
        if (readJson<ProcessIdentity>(path)?.pid === own.pid) rmSync(path, {force: true});
      };
    }
  }
}

function running(path: string, holder: ProcessIdentity | undefined): WorkshopError {
  return new WorkshopError({
    code: 'sandbox-running',
    message: `Another process${holder ? ` (${holder.pid})` : ''} serves this sandbox already.`,
    detail: path,
    remedies: ['Use that one, or stop it first.'],
  });
}

/** Makes the lock with what it says in it, so that nobody ever sees it empty. @returns false when there is one. */
function create(path: string, own: ProcessIdentity): boolean {
  const draft = `${path}.${own.pid}`;
  try {
    writeFileSync(draft, JSON.stringify(own), {mode: 0o600});
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, {force: true});
  }
}

/** Removes a lock that was judged; one that another process made meanwhile is put back. */
function setAside(path: string, judged: string): void {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
    if (readIfThere(aside) !== judged) linkSync(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
  } finally {
    rmSync(aside, {force: true});
  }
}
