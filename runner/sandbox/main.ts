import {rmSync} from 'node:fs';
import {parseArgs} from 'node:util';
import {identityOf} from '../../verify/process-identity.ts';
import {asWorkshopError, exitCodes, messageOf, remedyText, WorkshopError} from '../errors.ts';
import {kubernetesVersion} from './api/version.ts';
import {rfc3339, systemClock} from './clock.ts';
import type {SandboxHandshake} from './lifecycle/handshake.ts';
import {endWhenIdle} from './lifecycle/idle.ts';
import {takeLock} from './lifecycle/lock.ts';
import {createLogFile} from './lifecycle/log-file.ts';
import {openStateFolder, statePaths, writeAtomically} from './lifecycle/state-folder.ts';
import {paceText, parsePace} from './pace.ts';
import {startSandbox} from './sandbox.ts';

const usage = 'usage: sandbox --directory DIR [--name NAME] [--istio-version VERSION] [--pace fast|real]';

async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {
      directory: {type: 'string'},
      name: {type: 'string', default: 'default'},
      'istio-version': {type: 'string', default: '1.30.3'},
      pace: {type: 'string', default: 'fast'},
    },
  });
  const {directory, name, 'istio-version': istioVersion} = values;
  const pace = parsePace(values.pace);
  if (!directory) throw new WorkshopError({code: 'usage', message: usage, exitCode: exitCodes.usage});

  openStateFolder({directory, name});
  const paths = statePaths(directory);
  const unlock = takeLock(paths.lock);
  rmSync(paths.handshake, {force: true});
  const log = createLogFile({path: paths.log, clock: systemClock});
  // Every write is in the journal before anybody is told of it, and the parts of the cluster share nothing else that
  // a fault of one could leave half done: a learner's cluster goes on, and the log says what happened.
  const fault = (what: string, error: unknown) =>
    log.write(`${what}: ${error instanceof Error ? error.stack : messageOf(error)}`);
  process.on('uncaughtException', error => fault('uncaught', error));
  process.on('unhandledRejection', error => fault('unhandled', error));

  const sandbox = await startSandbox({
    directory,
    name,
    istioVersion,
    clock: systemClock,
    random: Math.random,
    pace,
    onError: fault,
  });

  let ending = false;
  const end = async (why: string) => {
    if (ending) return;
    ending = true;
    log.write(`ending: ${why}`);
    rmSync(paths.handshake, {force: true});
    // What does not end in time holds nothing that is not in the journal already.
    setTimeout(() => process.exit(exitCodes.passed), 5000).unref();
    stopWaiting();
    await sandbox.close();
    unlock();
    process.exit(exitCodes.passed);
  };
  const stopWaiting = endWhenIdle({
    clock: systemClock,
    lastActivity: sandbox.lastActivity,
    onIdle: () => void end('nothing came from outside for 8 hours'),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal));
  // The terminal that started it may close; a sandbox outlives it.
  process.on('SIGHUP', () => {});

  const handshake: SandboxHandshake = {
    pid: process.pid,
    name,
    url: sandbox.url,
    chartsUrl: sandbox.chartsUrl,
    kubeconfigPath: sandbox.kubeconfigPath,
    kubernetesVersion,
    istioVersion,
    pace: paceText(pace),
    startedAt: rfc3339(systemClock.now()),
    ...(sandbox.loss ? {loss: sandbox.loss} : {}),
    process: identityOf(process.pid),
  };
  if (sandbox.loss) log.write(`${sandbox.loss.text} The file as it was: ${sandbox.loss.file}`);
  writeAtomically(paths.handshake, `${JSON.stringify(handshake, null, 2)}\n`);
  log.write(`ready: ${sandbox.url} (process ${process.pid})`);
}

try {
  await main();
} catch (error) {
  const known = asWorkshopError(error);
  const {message, detail, remedies, exitCode} = known;
  if (exitCode === exitCodes.internal) console.error(error);
  else {
    const lines = [message, detail, ...remedies.map(remedy => remedyText(remedy))];
    console.error(lines.filter(Boolean).join('\n'));
  }
  process.exit(exitCode);
}
