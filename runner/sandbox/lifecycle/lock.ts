import {tryLock} from '../../../verify/file-lock.ts';
import type {ProcessIdentity} from '../../../verify/process-identity.ts';
import {WorkshopError} from '../../errors.ts';

/**
 * Takes the lock of a state folder, so that one folder is served by one process. A lock whose process has ended,
 * however it ended, is taken over.
 * @returns what gives it back. @throws WorkshopError `sandbox-running` when another process holds it.
 */
export function takeLock(path: string): () => void {
  const attempt = tryLock({file: path});
  if (!attempt.taken) throw running(path, attempt.holder);
  return () => attempt.release();
}

function running(path: string, holder: ProcessIdentity | undefined): WorkshopError {
  return new WorkshopError({
    code: 'sandbox-running',
    message: `Another process${holder ? ` (${holder.pid})` : ''} serves this sandbox already.`,
    detail: path,
    remedies: ['Use that one, or stop it first.'],
  });
}
