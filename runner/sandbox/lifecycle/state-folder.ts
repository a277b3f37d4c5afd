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
 * version of the program wrote it.
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
  const record = readJson<Partial<SandboxRecord>>(paths.record);
  // It only makes addresses last; a damaged one costs the old ports and nothing else.
  if (typeof record?.format !== 'number') return fresh;
  if (record.format > format) {
    throw new WorkshopError({
      code: 'sandbox-folder-newer',
      message: `The state folder ${directory} was written by a newer version of istio-workshop.`,
      detail: `It has format ${record.format}; this version reads up to ${format}.`,
      remedies: ['Update istio-workshop, or start with another state folder.'],
    });
  }
  return {
    format,
    name: typeof record.name === 'string' ? record.name : name,
    port: portOf(record.port),
    chartsPort: portOf(record.chartsPort),
  };
}

function portOf(value: unknown): number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536
    ? (value as number)
    : 0;
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

/** Writes a file whole or not at all, readable for the owner only. One that is so already takes no room again. */
export function writeAtomically(path: string, text: string): void {
  if (readIfReadable(path) === text) return;
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, text, {mode: 0o600});
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, {force: true});
    throw error;
  }
}

function readIfReadable(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
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
