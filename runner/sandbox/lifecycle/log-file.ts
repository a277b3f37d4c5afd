import {appendFileSync, renameSync, statSync} from 'node:fs';
import {type Clock, rfc3339} from '../clock.ts';

export interface LogFile {
  /** Adds one entry; a log that can't be written is no reason to stop, so it never throws. */
  write(text: string): void;
}

/** A log of bounded size: beyond `limit` bytes the file becomes `.1`, which replaces the one before. */
export function createLogFile(options: {path: string; clock: Clock; limit?: number}): LogFile {
  const {path, clock, limit = 1024 * 1024} = options;
  let size = sizeOf(path);
  return {
    write(text) {
      const entry = `${rfc3339(clock.now())} ${text}\n`;
      try {
        if (size > 0 && size + entry.length > limit) {
          renameSync(path, `${path}.1`);
          size = 0;
        }
        appendFileSync(path, entry, {mode: 0o600});
        size += entry.length;
      } catch {
        // The disk may be full; what the sandbox serves does not depend on its log.
      }
    },
  };
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
