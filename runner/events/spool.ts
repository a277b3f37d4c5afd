import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {tryLock} from '../../verify/file-lock.ts';

export interface SpoolOptions {
  /** Of one target: what runs before could not send waits here too. */
  folder: string;
  /** Names the file of this run; later ones sort behind earlier ones. */
  name: string;
  pid: number;
  /** The most that waits of one run, in bytes. @default 4 MB */
  limit?: number;
}

/** Events that wait on the disk until they are sent, so that they outlive whoever made them. */
export interface Spool {
  /** Written before it returns; never throws. @returns false where there is no room: the event is lost */
  put(line: string): boolean;
  /** The first that is not sent yet; those of runs before come first. */
  next(): string | undefined;
  /** The one that `next` gave has been sent. */
  sent(): void;
  waiting(): number;
  /** Leaves to the next run what is not sent. */
  close(): void;
}

const usualLimit = 4 * 1024 * 1024;
/** Runs whose events are kept; of older ones nobody waits for any any more. */
const runsKept = 20;

interface Waiting {
  file: string;
  lines: string[];
  /** How many of them are sent. */
  done: number;
  release(): void;
}

/** @throws what the file system says where nothing can be written there */
export function openSpool({folder, name, pid, limit = usualLimit}: SpoolOptions): Spool {
  mkdirSync(folder, {recursive: true, mode: 0o700});
  const own = claim(path.join(folder, `${name}.jsonl`), pid);
  if (!own) throw new Error(`The spool ${name} is in use.`);
  writeFileSync(own.file, '', {mode: 0o600, flag: 'a'});
  const queue = [...abandoned(folder, own.file, pid), own];
  let bytes = 0;

  const first = (): Waiting | undefined => {
    while (queue[0] && queue[0] !== own && queue[0].done >= queue[0].lines.length) {
      remove(queue.shift() as Waiting);
    }
    return queue[0];
  };

  return {
    put(line) {
      if (bytes + line.length > limit) return false;
      try {
        appendFileSync(own.file, `${line}\n`);
      } catch {
        return false;
      }
      bytes += line.length + 1;
      own.lines.push(line);
      return true;
    },
    next() {
      const {lines, done} = first() ?? own;
      return lines[done];
    },
    sent() {
      const waiting = first() ?? own;
      bytes -= waiting === own ? (own.lines[own.done]?.length ?? 0) + 1 : 0;
      waiting.done += 1;
      try {
        writeFileSync(`${waiting.file}.sent`, String(waiting.done), {mode: 0o600});
      } catch {
        // Sent once more by the next run: its id says that it is the same.
      }
    },
    waiting: () => queue.reduce((sum, {lines, done}) => sum + lines.length - done, 0),
    close() {
      for (const waiting of queue) {
        if (waiting.done >= waiting.lines.length) remove(waiting);
        else waiting.release();
      }
    },
  };
}

/** Files of runs that have ended, the oldest first; those of runs that go on are theirs. */
function abandoned(folder: string, own: string, pid: number): Waiting[] {
  const files = readdirSync(folder)
    .filter(name => name.endsWith('.jsonl'))
    .sort()
    .map(name => path.join(folder, name))
    .filter(file => file !== own);
  return files.flatMap((file, index) => {
    const waiting = claim(file, pid);
    if (!waiting) return [];
    if (index >= files.length - runsKept && waiting.done < waiting.lines.length) return [waiting];
    remove(waiting);
    return [];
  });
}

function claim(file: string, pid: number): Waiting | undefined {
  const lock = tryLock({file: `${file}.lock`, pid});
  if (!lock.taken) return undefined;
  const text = existsSync(file) && statSync(file).size <= 2 * usualLimit ? readFileSync(file, 'utf8') : '';
  // What stands behind the last line break was cut off by a crash.
  const lines = text.split('\n').slice(0, -1);
  const done = existsSync(`${file}.sent`) ? Number(readFileSync(`${file}.sent`, 'utf8')) || 0 : 0;
  return {file, lines, done, release: lock.release};
}

function remove({file, release}: Waiting): void {
  rmSync(file, {force: true});
  rmSync(`${file}.sent`, {force: true});
  release();
}
