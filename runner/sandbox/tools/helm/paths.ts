import {join} from 'node:path';
import type {ToolIo} from '../shared/io.ts';

/** Where helm keeps its things; the same variables and defaults as the real one on Linux and macOS. */
export interface HelmPaths {
  cacheHome: string;
  configHome: string;
  dataHome: string;
  repositoryConfig: string;
  repositoryCache: string;
}

/** Reads `HELM_*` and the XDG variables. */
export function helmPaths(env: ToolIo['env'], platform: NodeJS.Platform): HelmPaths {
  const home = env['HOME'] ?? '/';
  const mac = platform === 'darwin';
  const place = (variable: string, xdg: string, linux: string, darwin: string) =>
    env[variable] || (env[xdg] ? join(env[xdg] as string, 'helm') : join(home, mac ? darwin : linux, 'helm'));
  const cacheHome = place('HELM_CACHE_HOME', 'XDG_CACHE_HOME', '.cache', 'Library/Caches');
  const configHome = place('HELM_CONFIG_HOME', 'XDG_CONFIG_HOME', '.config', 'Library/Preferences');
  const dataHome = place('HELM_DATA_HOME', 'XDG_DATA_HOME', '.local/share', 'Library');
  return {
    cacheHome,
    configHome,
    dataHome,
    repositoryConfig: env['HELM_REPOSITORY_CONFIG'] || join(configHome, 'repositories.yaml'),
    repositoryCache: env['HELM_REPOSITORY_CACHE'] || join(cacheHome, 'repository'),
  };
}
