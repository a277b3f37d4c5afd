import {randomBytes} from 'node:crypto';
import {chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {messageOf, WorkshopError} from '../../errors.ts';

/** The format of the folder as a whole; a later version of the program may raise it. */
const format = 1;

/** What a sandbox remembers about itself between two runs. */
export interface SandboxRecord {
  format: number;
  name: string;
  /** The ports of the last run, so that a kubeconfig and a chart repository stay valid; 0 before the first. */
  port: number;
  chartsPort: number;
}

/** Where things are in a sandbox's state folder. */
export function statePaths(directory: string) {
  return {
    record: join(directory, 'sandbox.json'),
    credentials: join(directory, 'credentials.json'),
    kubeconfig: join(directory, 'kubeconfig'),
    handshake: join(directory, 'ready.json'),
    lock: join(directory, 'lock.json'),
    log: join(directory, 'sandbox.log'),
    output: join(directory, 'output.log'),
    store: join(directory, 'store'),
    sockets: join(directory, 's'),
  };
}

/**
 * Makes the folder (0700) or opens it.
 * @throws WorkshopError `sandbox-folder-unusable` when it can't be written, `sandbox-folder-newer` when a later
 * version of the program wrote it, `sandbox-folder-damaged` when its record can't be read.
 */
export function openStateFolder(options: {directory: string; name: string}): SandboxRecord {
  const {directory, name} = options;
  const paths = statePaths(directory);
  const fresh: SandboxRecord = {format, name, port: 0, chartsPort: 0};
  try {
    mkdirSync(directory, {recursive: true, mode: 0o700});
    chmodSync(directory, 0o700);
    const probe = join(directory, `.probe-${randomBytes(4).toString('hex')}`);
    writeFileSync(probe, '', {mode: 0o600});
    rmSync(probe);
  } catch (error) {
    throw new WorkshopError({
      code: 'sandbox-folder-unusable',
      message: `The sandbox can't write to its state folder ${directory}.`,
      detail: messageOf(error),
      remedies: ['Make the folder writable for you, or choose another one.'],
      cause: error,
    });
  }
  const text = readIfThere(paths.record);
  if (text === undefined) return fresh;
  let record: Partial<SandboxRecord>;
  try {
    record = JSON.parse(text) as Partial<SandboxRecord>;
  } catch (error) {
    throw damaged(paths.record, messageOf(error));
  }
  if (typeof record?.format !== 'number') throw damaged(paths.record, 'It names no format.');
  if (record.format > format) {
    throw new WorkshopError({
      code: 'sandbox-folder-newer',
      message: `The state folder ${directory} was written by a newer version of istio-workshop.`,
      detail: `It has format ${record.format}; this version reads up to ${format}.`,
      remedies: ['Update istio-workshop, or start with another state folder.'],
    });
  }
  return {...fresh, ...record, format, name: record.name ?? name};
}

function damaged(path: string, detail: string): WorkshopError {
  return new WorkshopError({
    code: 'sandbox-folder-damaged',
    message: `The sandbox's record ${path} can't be read.`,
    detail,
    remedies: ['Remove the state folder; the sandbox starts anew then.'],
  });
}

/** The text of a file, or nothing where there is none. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a file whole or not at all, readable for the owner only. */
export function writeAtomically(path: string, text: string): void {
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, text, {mode: 0o600});
  renameSync(draft, path);
}

/** Reads a JSON file; nothing where there is none or where it is no JSON. */
export function readJson<T>(path: string): T | undefined {
  try {
    const text = readIfThere(path);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}
