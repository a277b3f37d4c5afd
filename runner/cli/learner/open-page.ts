import {systemProcesses} from '../../processes.ts';
import type {App} from '../app.ts';
import type {Surroundings} from '../io.ts';

/** Opens the product page in the learner's own browser. @returns what to say about it. */
export async function openProductPage({io, app}: {io: Surroundings; app: App}): Promise<string> {
  const env = await app.environment();
  const url = `http://localhost:${env['PRODUCTPAGE_PORT'] ?? '9080'}/productpage`;
  const opener = openerFor(io);
  if (!opener) return `The page is at ${url}`;
  const opened = await systemProcesses.tool({command: opener, args: [url], env, timeout: 5000});
  return opened.exitCode === 0 ? `Opened ${url}` : `The page is at ${url}`;
}

/** What opens an address on this machine; nothing where its screen is elsewhere. */
function openerFor({env, platform}: Surroundings): string | undefined {
  if (env['SSH_CONNECTION'] || env['SSH_TTY']) return undefined;
  if (platform === 'darwin') return 'open';
  if (env['WSL_DISTRO_NAME']) return 'wslview';
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? 'xdg-open' : undefined;
}
