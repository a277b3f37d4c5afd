import {asSandbox} from '../../engines/sandbox/engine.ts';
import {type ExitCode, exitCodes} from '../../errors.ts';
import type {SandboxHandshake} from '../../sandbox/lifecycle/handshake.ts';
import {jsonLine} from '../../ui/json/json-line.ts';
import {openApp} from '../app.ts';
import {programOf} from '../invocation.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import {say} from '../say.ts';

function tell(io: Io, options: GlobalOptions, data: object, text: string): void {
  say(io.stdout, options.json ? jsonLine(data) : text);
}

/** What the sandbox's start could not read, with what can be done about it. */
function lossText({loss}: SandboxHandshake, io: Io): string {
  if (!loss) return '';
  return [
    `\n! ${loss.text}`,
    `  The damaged file is kept: ${loss.file}`,
    `  → To begin with a new cluster: ${programOf(io.env)} sandbox down --delete`,
  ].join('\n');
}

/** Only a pace that somebody chose is worth a word. */
function paceWords({pace}: SandboxHandshake): string {
  return pace === 'fast' ? '' : ` at the pace ${pace}`;
}

/** `sandbox up`: starts the workshop's sandbox, or finds it running. */
export async function sandboxUp(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const app = await openApp(io, options);
  const sandbox = asSandbox(app.engine);
  const stop = new AbortController();
  const forget = io.onSignal(() => stop.abort());
  try {
    await app.remember();
    const {handshake, started} = await sandbox.up(stop.signal);
    const state = {yes: 'is up', anew: 'was started anew and is up', no: 'was up already'}[started];
    tell(
      io,
      options,
      {type: 'sandbox', running: true, started: started !== 'no', ...handshake},
      `The sandbox "${app.store.name}" (a simulated cluster${paceWords(handshake)}) ${state}: ${handshake.url}\nKubeconfig: ${handshake.kubeconfigPath}${lossText(handshake, io)}`,
    );
    return exitCodes.passed;
  } finally {
    forget();
  }
}

/** `sandbox down`: stops it; `--delete` removes its state as well. */
export async function sandboxDown(io: Io, options: GlobalOptions & {delete?: boolean}): Promise<ExitCode> {
  const app = await openApp(io, options);
  const sandbox = asSandbox(app.engine);
  if (options.delete) {
    await sandbox.delete({signal: new AbortController().signal, onProgress() {}});
    tell(
      io,
      options,
      {type: 'sandbox', running: false, deleted: true},
      `The sandbox "${app.store.name}" and its state are gone.`,
    );
    return exitCodes.passed;
  }
  const ran = await sandbox.down();
  const text = ran
    ? `The sandbox "${app.store.name}" is stopped; its state stays.`
    : `The sandbox "${app.store.name}" was not running.`;
  tell(io, options, {type: 'sandbox', running: false, ran}, text);
  return exitCodes.passed;
}

/** Milliseconds that `sandbox status` waits for an answer. */
const patience = 3000;

/** `sandbox status`: 0 when it runs and answers, 3 when it does not. */
export async function sandboxStatus(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const app = await openApp(io, options);
  const status = await asSandbox(app.engine).status();
  if (!status) {
    tell(
      io,
      options,
      {type: 'sandbox', running: false},
      `The sandbox "${app.store.name}" is not running.\n  → ${programOf(io.env)} sandbox up`,
    );
    return exitCodes.environment;
  }
  const {answersWithin, requireAnswer} = await import('../../sandbox/lifecycle/answer.ts');
  if (options.json) {
    const answers = await answersWithin(status, patience);
    tell(io, options, {type: 'sandbox', running: true, answers, ...status}, '');
    return answers ? exitCodes.passed : exitCodes.environment;
  }
  await requireAnswer(status, patience);
  tell(
    io,
    options,
    {type: 'sandbox', running: true, ...status},
    `The sandbox "${app.store.name}" (a simulated cluster${paceWords(status)}) runs as process ${status.pid} at ${status.url}.${lossText(status, io)}`,
  );
  return exitCodes.passed;
}

/** `sandbox env`: shell commands that lead kubectl and helm of any terminal to this sandbox. */
export async function sandboxEnv(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const app = await openApp(io, options);
  asSandbox(app.engine);
  const env = await app.environment();
  const names = [
    'KUBECONFIG',
    'KUBECACHEDIR',
    'HELM_CONFIG_HOME',
    'HELM_CACHE_HOME',
    'HELM_DATA_HOME',
    'ISTIO_CHARTS',
    'ISTIO_VERSION',
    'PRODUCTPAGE_PORT',
    'ISTIO_WORKSHOP',
    'ISTIO_WORKSHOP_STATE',
    'PATH',
  ];
  const set = names.filter(name => env[name] !== undefined);
  if (options.json) {
    say(io.stdout, jsonLine(Object.fromEntries(set.map(name => [name, env[name]]))));
    return exitCodes.passed;
  }
  for (const name of set) io.stdout.write(`export ${name}=${quoted(env[name] ?? '')}\n`);
  return exitCodes.passed;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
