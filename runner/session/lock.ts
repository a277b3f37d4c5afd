import {readFileSync} from 'node:fs';
import {open, readFile, rm} from 'node:fs/promises';
import path from 'node:path';
import {WorkshopError} from '../errors.ts';
import {isCode} from './files.ts';

interface Holder {
  pid: number;
  /** Tells a process from a later one with the same number. */
  started: string;
}

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
  const own: Holder = {pid: options.pid, started: startOf(options.pid) ?? ''};
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(JSON.stringify(own));
      await handle.close();
      return {release: () => rm(file, {force: true})};
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
    const holder = await readHolder(file);
    if (holder && isAlive(holder)) {
      throw new WorkshopError({
        code: 'workshop-in-use',
        message: `The workshop "${options.name}" is open in another istio-workshop (process ${holder.pid}).`,
        remedies: ['Go on there, or quit it first', 'Or start another workshop beside it: --workshop NAME'],
      });
    }
    await rm(file, {force: true});
  }
  throw new WorkshopError({
    code: 'workshop-in-use',
    message: `The workshop "${options.name}" is being opened by another istio-workshop.`,
    remedies: ['Try again in a moment'],
  });
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (!isCode(error, 'EPERM')) return false;
  }
  const started = startOf(holder.pid);
  return started === undefined || holder.started === '' || started === holder.started;
}

/** A process's start in clock ticks since boot, where /proc tells it (Linux). */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; fields are counted behind it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
