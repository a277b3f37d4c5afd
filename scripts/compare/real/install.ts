import {spawnSync} from 'node:child_process';
import {accessSync, constants, existsSync, mkdirSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {envoyPackage, pilotVersion} from '../versions.ts';

/** The two programs that make up the real side. */
export interface Programs {
  /** Istio's `pilot-discovery`. */
  pilot: string;
  envoy: string;
}

export type Found = {programs: Programs} | {missing: string[]};

type Environment = Readonly<Record<string, string | undefined>>;

/** Where `--install` puts the programs. */
function cacheFolder(env: Environment): string {
  const base = env['ISTIO_WORKSHOP_CACHE'] ?? path.join(os.homedir(), '.cache', 'istio-workshop');
  return path.join(base, 'compare');
}

/** The programs: as `PILOT` and `ENVOY` name them, else those of the cache. */
export function findPrograms(env: Environment): Found {
  const cache = cacheFolder(env);
  const pilot = env['PILOT'] ?? path.join(cache, pilotVersion, 'pilot-discovery');
  const envoy = env['ENVOY'] ?? path.join(cache, 'envoy', envoyPackage.version, 'envoy', '_bin', 'envoy');
  const missing = [
    ...(runnable(pilot) ? [] : [`istiod: ${pilot} is not there`]),
    ...(runnable(envoy) ? [] : [`Envoy: ${envoy} is not there`]),
  ];
  return missing.length > 0 ? {missing} : {programs: {pilot, envoy}};
}

function runnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Builds pilot-discovery from Istio's Go module, which Go checks by its checksum database, and fetches Envoy's wheel from
 * PyPI, by the hashes pinned here, into the cache.
 *
 * @returns what is still missing, and why.
 */
export function installPrograms(env: Environment, print: (line: string) => void): string[] {
  const found = findPrograms(env);
  if ('programs' in found) return [];
  const cache = cacheFolder(env);
  mkdirSync(cache, {recursive: true});
  const missing: string[] = [];
  const run = (what: string, needs: string, command: string[], more: Record<string, string>) => {
    const [program = '', ...args] = command;
    if (spawnSync(program, [program === 'go' ? 'version' : '--version'], {stdio: 'ignore'}).error) {
      missing.push(`${what} needs ${needs}`);
      return;
    }
    print(`${command.join(' ')}`);
    const {status} = spawnSync(program, args, {
      stdio: ['ignore', 2, 2],
      env: {...env, ...more} as NodeJS.ProcessEnv,
    });
    if (status !== 0) missing.push(`${what}: ${program} ended with ${status}`);
  };
  if (!existsSync(path.join(cache, pilotVersion))) {
    const module = `istio.io/istio/pilot/cmd/pilot-discovery@${pilotVersion}`;
    run('istiod', 'Go 1.26 or later (https://go.dev/dl)', ['go', 'install', module], {
      GOBIN: path.join(cache, pilotVersion),
      CGO_ENABLED: '0',
    });
  }
  const target = path.join(cache, 'envoy', envoyPackage.version);
  if (!existsSync(target)) {
    // pip takes hashes from a file only.
    const requirements = path.join(cache, 'requirements.txt');
    const hashes = envoyPackage.sha256.map(hash => `--hash=sha256:${hash}`).join(' ');
    writeFileSync(requirements, `${envoyPackage.name}==${envoyPackage.version} ${hashes}\n`);
    const options = ['--no-deps', '--require-hashes', '--only-binary', ':all:', '--target', target];
    run(
      'Envoy',
      'Python 3 with pip',
      ['python3', '-m', 'pip', 'install', ...options, '-r', requirements],
      {},
    );
  }
  return missing;
}
