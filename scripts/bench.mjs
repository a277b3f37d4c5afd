/**
 * `npm run bench [-- --runs N]`: the figures that the project promises, measured on this machine with the built
 * program, as JSON on stdout. Each is a median; ratios compare with a bare `node -e 0` in the same minute.
 */
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {stripVTControlCharacters} from 'node:util';
import {$, argv} from 'zx';
import {ensureBuilt, ensureInstalled, requireNode} from './set-up.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
requireNode();
ensureInstalled(root);
ensureBuilt(root);

const runs = Number(argv.runs ?? 5);
const main = path.join(root, '.build', 'main.mjs');
const tools = path.join(root, '.build', 'tools', 'bin');
const folder = mkdtempSync(path.join(os.tmpdir(), 'istio-workshop-bench-'));
const env = {
  ...process.env,
  ISTIO_WORKSHOP_STATE: path.join(folder, 'state'),
  ISTIO_WORKSHOP_NODE: process.execPath,
  HOME: folder,
  // The built-in tools are what is measured, whatever else this machine has; the browser is found as usual.
  PATH: [tools, path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
  PLAYWRIGHT_BROWSERS_PATH:
    process.env.PLAYWRIGHT_BROWSERS_PATH ?? path.join(os.homedir(), '.cache', 'ms-playwright'),
  ISTIO_WORKSHOP_CACHE:
    process.env.ISTIO_WORKSHOP_CACHE ?? path.join(os.homedir(), '.cache', 'istio-workshop'),
};
const quiet = $({env, quiet: true, stdio: ['ignore', 'pipe', 'pipe']});

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

async function timed(run, times = runs) {
  const seconds = [];
  for (let count = 0; count < times; count += 1) {
    const startedAt = performance.now();
    await run();
    seconds.push((performance.now() - startedAt) / 1000);
  }
  return Number(median(seconds).toFixed(3));
}

/** Starts the app in a pseudo-terminal and takes the time until it has drawn something. */
async function firstFrame() {
  const {spawn} = await import('@lydell/node-pty');
  // Set at all, even empty, it makes the app speak in plain lines.
  const {CI: _, ...outsideCi} = env;
  return timed(
    () =>
      new Promise((resolve, reject) => {
        const terminal = spawn(process.execPath, [main, '--workshop', 'frame'], {
          cols: 100,
          rows: 30,
          env: {...outsideCi, TERM: 'xterm-256color'},
        });
        const limit = setTimeout(() => {
          terminal.kill('SIGKILL');
          reject(new Error('The app drew nothing within 20 s.'));
        }, 20_000);
        let drawn = '';
        terminal.onData(text => {
          drawn += text;
          // The frame may come in pieces, with colours between them.
          if (stripVTControlCharacters(drawn).includes('istio-workshop')) {
            clearTimeout(limit);
            terminal.kill('SIGKILL');
            resolve();
          }
        });
      }),
    runs,
  );
}

/** Sums the resident memory (MB) of a process, where /proc tells it. */
function residentMegabytes(pid) {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
  } catch {
    return null;
  }
}

const figures = {
  node: process.versions.node,
  cores: os.availableParallelism(),
  platform: `${os.platform()} ${os.arch()}`,
};
try {
  figures.bareNodeSeconds = await timed(() => quiet`${process.execPath} -e 0`, 2 * runs);
  figures.firstFrameSeconds = await firstFrame();
  figures.firstFrameRatio = Number((figures.firstFrameSeconds / figures.bareNodeSeconds).toFixed(2));
  figures.kubectlVersionSeconds = await timed(() => quiet`kubectl version --client`);
  figures.helmVersionSeconds = await timed(() => quiet`helm version`);
  const ready = [];
  for (let count = 0; count < runs; count += 1) {
    ready.push(await timed(() => quiet`${process.execPath} ${main} --workshop ready sandbox up`, 1));
    await quiet`${process.execPath} ${main} --workshop ready sandbox down --delete`;
  }
  figures.sandboxReadySeconds = median(ready);
  const all = await timed(() => quiet`${process.execPath} ${main} --workshop labs run --all`, 1);
  figures.labsSeconds = all;
  figures.checkSeconds = await timed(() => quiet`${process.execPath} ${main} --workshop labs check 07`);
  const status = JSON.parse(
    (await quiet`${process.execPath} ${main} --workshop labs --json sandbox status`).stdout,
  );
  figures.sandboxMegabytes = residentMegabytes(status.pid);
  console.log(JSON.stringify(figures, null, 2));
} finally {
  await quiet`${process.execPath} ${main} --workshop labs reset --all`.nothrow();
  await quiet`${process.execPath} ${main} --workshop ready reset --all`.nothrow();
  rmSync(folder, {recursive: true, force: true});
}
