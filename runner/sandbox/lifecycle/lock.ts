import {closeSync, openSync, rmSync, writeSync} from 'node:fs';
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
    if (create(path, own)) {
      return () => {
        if (readJson<ProcessIdentity>(path)?.pid === own.pid) rmSync(path, {force: true});
      };
    }
    const text = readIfThere(path);
    const holder = readJson<ProcessIdentity>(path);
    if (attempt > 3 || (holder && holder.pid !== own.pid && stillRuns(holder))) {
      throw new WorkshopError({
        code: 'sandbox-running',
        message: `Another process${holder ? ` (${holder.pid})` : ''} serves this sandbox already.`,
        detail: path,
        remedies: ['Use that one, or stop it first.'],
      });
    }
    // Only the lock that was judged is removed: another process may have replaced it meanwhile.
    if (readIfThere(path) === text) rmSync(path, {force: true});
  }
}

function create(path: string, own: ProcessIdentity): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, JSON.stringify(own));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
