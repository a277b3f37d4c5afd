import path from 'node:path';
import type {Io} from './io.ts';

/** The folder for state: `ISTIO_WORKSHOP_STATE`, else the platform's own place. */
export function stateFolder({
  env,
  platform,
  homeFolder,
}: Pick<Io, 'env' | 'platform' | 'homeFolder'>): string {
  if (env['ISTIO_WORKSHOP_STATE']) return path.resolve(env['ISTIO_WORKSHOP_STATE']);
  if (platform === 'darwin') return path.join(homeFolder, 'Library', 'Application Support', 'istio-workshop');
  return path.join(env['XDG_STATE_HOME'] ?? path.join(homeFolder, '.local', 'state'), 'istio-workshop');
}

/** The folder for what can be had again, such as a browser: `ISTIO_WORKSHOP_CACHE`, else the platform's own place. */
export function cacheFolder({
  env,
  platform,
  homeFolder,
}: Pick<Io, 'env' | 'platform' | 'homeFolder'>): string {
  if (env['ISTIO_WORKSHOP_CACHE']) return path.resolve(env['ISTIO_WORKSHOP_CACHE']);
  if (platform === 'darwin') return path.join(homeFolder, 'Library', 'Caches', 'istio-workshop');
  return path.join(env['XDG_CACHE_HOME'] ?? path.join(homeFolder, '.cache'), 'istio-workshop');
}

/** Where a browser that was fetched lies. */
export function browserFolder(io: Pick<Io, 'env' | 'platform' | 'homeFolder'>): string {
  return path.join(cacheFolder(io), 'browsers');
}

/** Where the learner's files lie: `~/istio-workshop`, with the workshop's name behind it when it isn't the default. */
export function defaultWorkFolder(homeFolder: string, workshop: string): string {
  return path.join(homeFolder, workshop === 'default' ? 'istio-workshop' : `istio-workshop-${workshop}`);
}
