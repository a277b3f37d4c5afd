import path from 'node:path';
import {type LockAttempt, tryLock} from '../../verify/file-lock.ts';
import {asDiskError, WorkshopError} from '../errors.ts';

export interface Lock {
  release(): Promise<void>;
}

/**
 * Keeps a second app off the same workshop. A lock whose process is gone, or whose number belongs to another
 * process by now, is taken over.
 * @throws WorkshopError `workshop-in-use` naming the process that holds it.
 */
export async function lockWorkshop(options: {folder: string; name: string; pid: number}): Promise<Lock> {
  const file = path.join(options.folder, 'lock');
  const attempt = attemptOn(file, options.pid);
  if (attempt.taken) return {release: async () => attempt.release()};
  const {holder} = attempt;
  throw new WorkshopError({
    code: 'workshop-in-use',
    message: holder
      ? `The workshop "${options.name}" is open in another istio-workshop (process ${holder.pid}).`
      : `The workshop "${options.name}" is being opened by another istio-workshop.`,
    remedies: holder
      ? ['Go on there, or quit it first', 'Or start another workshop beside it: --workshop NAME']
      : ['Try again in a moment'],
  });
}

function attemptOn(file: string, pid: number): LockAttempt {
  try {
    return tryLock({file, pid});
  } catch (error) {
    throw asDiskError(error, file) ?? error;
  }
}
