/**
 * `npm run bench [-- --runs N]`: the figures that the project promises, measured on this machine with the built
 * program, as JSON on stdout. Each is a median; the first frame is compared with a bare `node -e 0` run in turn with it.
 */
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {$, argv} from 'zx';
import {withBundle} from '../bundle.mjs';
import {ensureBuilt, ensureInstalled, requireNode} from '../set-up.mjs';
import {keyPresses} from './keys.mjs';
import {median, rounded, secondsOf, timed} from './measure.mjs';
import {reportCost} from './reports.mjs';
import {applyToRouted} from './routed.mjs';
import {openTerminal} from './terminal.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
requireNode();
ensureInstalled(root);
ensureBuilt(root);

const runs = Number(argv.runs ?? 5);
const build = path.join(root, '.build');
const main = path.join(build, 'main.mjs');
const tools = path.join(build, 'tools', 'bin');
const folder = mkdtempSync(path.join(os.tmpdir(), 'istio-workshop-bench-'));
const state = path.join(folder, 'state');
const env = {
  ...process.env,
  ISTIO_WORKSHOP_STATE: state,
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
const workshop = (name, ...args) => quiet`${process.execPath} ${main} --workshop ${name} ${args}`;

// Set at all, even empty, it makes the app speak in plain lines.
const {CI: _, ...outsideCi} = env;
const inTerminal = name => ({
  command: process.execPath,
  args: [main, '--workshop', name],
  env: {...outsideCi, TERM: 'xterm-256color'},
  directory: folder,
});

/** Until the app has drawn something, each time beside a bare start of Node. */
async function firstFrame(name) {
  const frames = [];
  const bare = [];
  for (let count = 0; count < 2 * runs; count += 1) {
    bare.push(await secondsOf(() => quiet`${process.execPath} -e 0`));
    let app;
    frames.push(
      await secondsOf(async () => {
        app = openTerminal(inTerminal(name));
        await app.see(/istio-workshop/);
      }),
    );
    app.kill();
    await app.ended;
  }
  const seconds = rounded(median(frames), 3);
  return {seconds, bareNodeSeconds: rounded(median(bare), 3), ratio: rounded(seconds / median(bare), 2)};
}

/** The resident memory (MB) of a process, where /proc tells it. */
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
const tell = name => console.error(`… ${name}`);
try {
  tell('decisions');
  figures.decisions = await withBundle(root, 'scripts/bench/decisions.ts', async bundle => {
    const {decisionCost} = await import(pathToFileURL(bundle));
    return Object.fromEntries([10, 1000].map(count => [`beside${count}`, decisionCost(count)]));
  });
  tell('first frame');
  figures.firstFrame = await firstFrame('frame');
  tell('tools');
  figures.kubectlVersionSeconds = await timed(() => quiet`kubectl version --client`, runs);
  figures.helmVersionSeconds = await timed(() => quiet`helm version`, runs);
  tell('sandbox');
  const ready = [];
  for (let count = 0; count < runs; count += 1) {
    ready.push(await secondsOf(() => workshop('ready', 'sandbox', 'up')));
    await workshop('ready', 'sandbox', 'down', '--delete');
  }
  figures.sandboxReadySeconds = rounded(median(ready), 3);
  tell('all labs');
  figures.labsSeconds = await timed(() => workshop('labs', 'run', '--all'), 1);
  tell('all labs again');
  figures.labsAgainSeconds = await timed(() => workshop('labs', 'run', '--all'), runs);
  tell('a report');
  figures.report = await reportCost({
    run: (...args) => quiet`${process.execPath} ${main} ${args}`,
    folder,
    times: Math.min(3, runs),
  });
  tell('a check');
  figures.checkProcessSeconds = await timed(() => workshop('labs', 'check', '07'), runs);
  const events = (await workshop('labs', '--json', 'check', '07')).stdout.trim().split('\n').map(JSON.parse);
  const stars = events.find(({type, result}) => type === 'condition-finished' && result.rows);
  figures.checkSeconds = rounded(stars.result.milliseconds / 1000, 2);
  const status = JSON.parse((await workshop('labs', '--json', 'sandbox', 'status')).stdout);
  figures.sandboxMegabytes = residentMegabytes(status.pid);
  tell('from apply to routed');
  const kubeconfig = path.join(state, 'workshops', 'labs', 'sandbox', 'kubeconfig');
  figures.applyToRoutedMilliseconds = await applyToRouted({
    kubeconfig,
    kubectl: path.join(tools, 'kubectl'),
    env,
    times: 4 * runs + 1,
  });
  tell('the first frame of somebody who comes back');
  await workshop('labs', 'reset', '05');
  figures.resumedFrame = await firstFrame('labs');
  tell('key presses');
  figures.keyMilliseconds = await keyPresses(inTerminal('labs'));
  console.log(JSON.stringify(figures, null, 2));
} finally {
  for (const name of ['labs', 'ready', 'frame']) await workshop(name, 'reset', '--all').nothrow();
  rmSync(folder, {recursive: true, force: true});
}
