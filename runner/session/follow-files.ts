import {unwatchFile, watchFile} from 'node:fs';
import path from 'node:path';
import type {FileBlock} from '../catalog/lab.ts';
import {unifiedDiff} from './diff.ts';
import type {SessionEvent} from './events.ts';
import {readIfThere} from './files.ts';

export interface FollowFilesOptions {
  workFolder: string;
  emit(event: SessionEvent): void;
  /** How often each file is looked at, in milliseconds. @default 500 */
  interval?: number;
}

/** Tells how the learner's files of a step differ from the lab's, now and after each change, until the signal. */
export type FollowFiles = (files: readonly FileBlock[], signal: AbortSignal) => void;

/**
 * Looks by path and not by the system's notices: editors replace files, folders come later, and work folders may lie
 * where no notice is given (WSL2's /mnt, network drives).
 */
export function createFollowFiles({workFolder, emit, interval = 500}: FollowFilesOptions): FollowFiles {
  return (files, signal) => {
    for (const block of files) {
      const file = path.join(workFolder, block.name);
      const look = async (): Promise<void> => {
        // A folder of that name, or a file that nobody may read, is told when the step uses it.
        const content = await readIfThere(file).catch(() => undefined);
        const diff =
          content === undefined || content === block.content
            ? undefined
            : await unifiedDiff(block.name, block.content, content);
        if (signal.aborted) return;
        const state = content === undefined ? 'absent' : diff === undefined ? 'as-shown' : 'differs';
        emit({type: 'file-seen', block: block.id, name: block.name, state, ...(diff ? {diff} : {})});
      };
      const changed = (): void => void look();
      watchFile(file, {interval, persistent: false}, changed);
      signal.addEventListener('abort', () => unwatchFile(file, changed), {once: true});
      changed();
    }
  };
}
