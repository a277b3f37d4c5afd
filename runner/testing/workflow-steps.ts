import {execFileSync} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type ProcessResult, systemProcesses} from '../processes.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** What a workflow on GitHub begins with: the checkout, in a folder of its own, and a home that is empty. */
export interface CheckoutCopy {
  directory: string;
  home: string;
  remove(): void;
}

/** All files that are, or may be, committed; packages are those that are installed here. */
export function copyOfCheckout(): CheckoutCopy {
  const home = mkdtempSync(path.join(tmpdir(), 'workflow-'));
  const directory = path.join(home, 'copy');
  mkdirSync(directory);
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of new Set(files.split('\0').filter(Boolean)))
    cpSync(path.join(root, file), path.join(directory, file), {recursive: true, force: true});
  symlinkSync(path.join(root, 'node_modules'), path.join(directory, 'node_modules'));
  return {directory, home, remove: () => rmSync(home, {recursive: true, force: true})};
}

/** Runs the text of a step as GitHub does: bash that ends at the first failure. No registry can be reached. */
export function runStep(
  {directory, home}: CheckoutCopy,
  text: string,
  env: Record<string, string> = {},
): Promise<ProcessResult> {
  return systemProcesses.tool({
    command: 'bash',
    args: ['--noprofile', '--norc', '-eo', 'pipefail', '-c', text],
    directory,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      ISTIO_WORKSHOP_CACHE: process.env['ISTIO_WORKSHOP_CACHE'] ?? '',
      CI: 'true',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'owner/name',
      // Nothing that these steps do asks npm's registry.
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
      ...env,
    },
  });
}
