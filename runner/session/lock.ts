import {readFileSync} from 'node:fs';
import {link, readFile, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {asDiskError, WorkshopError} from '../errors.ts';
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
    if (await create(file, own)) return {release: () => rm(file, {force: true})};
    const holder = await readHolder(file);
    if (holder && isAlive(holder)) {
      throw new WorkshopError({
        code: 'workshop-in-use',
        message: `The workshop "${options.name}" is open in another istio-workshop (process ${holder.pid}).`,
        remedies: ['Go on there, or quit it first', 'Or start another workshop beside it: --workshop NAME'],
      });
    }
    await setAside(file, holder);
  }
  throw new WorkshopError({
    code: 'workshop-in-use',
    message: `The workshop "${options.name}" is being opened by another istio-workshop.`,
    remedies: ['Try again in a moment'],
  });
}

/** Makes the lock with what it says in it, so that nobody ever sees it empty. @returns false when there is one. */
async function create(file: string, own: Holder): Promise<boolean> {
  const draft = `${file}.${own.pid}`;
  try {
    await writeFile(draft, JSON.stringify(own), {mode: 0o600});
    await link(draft, file);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw asDiskError(error, file) ?? error;
  } finally {
    await rm(draft, {force: true});
  }
}

/** Removes a lock that was judged; one that another process made meanwhile is put back. */
async function setAside(file: string, judged: Holder | undefined): Promise<void> {
  const aside = `${file}.${process.pid}.old`;
  try {
    await rename(file, aside);
    const taken = await readHolder(aside);
    if (JSON.stringify(taken) !== JSON.stringify(judged)) await link(aside, file).catch(() => {});
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  } finally {
    await rm(aside, {force: true});
  }
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
