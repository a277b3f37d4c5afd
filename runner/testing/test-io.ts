import {existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync} from 'node:fs';
import {homedir, tmpdir} from 'node:os';
import path from 'node:path';
import type {Io} from '../cli/io.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

export interface TestIo {
  io: Io;
  folder: string;
  remove(): void;
}

/**
 * An outside with folders of its own: nothing of the machine's user is read or written, but their browser is
 * used. Of kubectl, helm and the like there are only those in the folders `tools`.
 */
export function testIo(options: {tools?: readonly string[]} = {}): TestIo {
  const folder = mkdtempSync(path.join(tmpdir(), 'workshop-test-'));
  const env: Record<string, string | undefined> = {
    PATH: [...(options.tools ?? []), withoutTools(folder)].join(path.delimiter),
    HOME: folder,
    ISTIO_WORKSHOP_STATE: path.join(folder, 'state'),
    ISTIO_WORKSHOP_CACHE:
      process.env['ISTIO_WORKSHOP_CACHE'] ?? path.join(homedir(), '.cache', 'istio-workshop'),
    PLAYWRIGHT_BROWSERS_PATH:
      process.env['PLAYWRIGHT_BROWSERS_PATH'] ?? path.join(homedir(), '.cache', 'ms-playwright'),
    NO_COLOR: '1',
  };
  return {
    io: {
      argv: [],
      env,
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      directory: folder,
      pid: process.pid,
      nodePath: process.execPath,
      platform: process.platform,
      homeFolder: folder,
      programFolder: path.join(root, '.build'),
      isRoot: process.getuid?.() === 0,
      suspend: () => {},
      onSignal: () => () => {},
    },
    folder,
    remove: () => rmSync(folder, {recursive: true, force: true}),
  };
}

const leftOut = new Set(['kubectl', 'helm', 'kind', 'docker', 'istioctl']);

/** A folder with links to all of this machine's programs but kubectl, helm, kind, docker and istioctl. */
function withoutTools(folder: string): string {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const linked = new Set(leftOut);
  for (const source of (process.env['PATH'] ?? '').split(path.delimiter)) {
    for (const name of existsSync(source) ? readdirSync(source) : []) {
      if (linked.has(name)) continue;
      linked.add(name);
      symlinkSync(path.join(source, name), path.join(bin, name));
    }
  }
  return bin;
}
