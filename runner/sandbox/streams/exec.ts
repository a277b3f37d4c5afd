import type {Readable, Writable} from 'node:stream';
import type {Clock} from '../clock.ts';
import type {Container, Pod} from '../objects.ts';
import {chooseContainer, containerStatus} from './container-choice.ts';
import {openSpdyProcess} from './process-spdy.ts';
import {type ProcessStreams, type WindowSize, wantedStreams} from './process-streams.ts';
import {openWebSocketProcess} from './process-websocket.ts';
import {badRequest, exitStatus, internalError, internalStatus} from './statuses.ts';
import {isWebSocket, type StreamTarget, type Upgrade} from './upgrade.ts';

/** One command to run in a container; it never becomes a process of this machine. */
export interface ExecRequest {
  pod: Pod;
  container: Container;
  argv: readonly string[];
  stdin: Readable | undefined;
  stdout: Writable;
  stderr: Writable;
  tty: boolean;
  onResize(listener: (size: WindowSize) => void): void;
  signal: AbortSignal;
}

/**
 * Runs a command and resolves to its exit code.
 * @throws an error whose message is the container runtime's when the command can't be started.
 */
export type Exec = (request: ExecRequest) => Promise<number>;

/** Follows what a container prints from now on. Resolves when the container ends or the signal aborts. */
export type Attach = (request: {
  pod: Pod;
  container: Container;
  stdout: Writable;
  signal: AbortSignal;
}) => Promise<void>;

/** The container the request is for; it must be running. @throws ApiError as the real servers answer. */
export function runningContainer({pod, query}: StreamTarget): Container {
  const container = chooseContainer(pod, query.get('container'));
  if (!containerStatus(pod, container.name)?.state.running) {
    throw internalError(`unable to upgrade connection: container not found ("${container.name}")`);
  }
  return container;
}

/**
 * Serves `exec`: checks the request, takes over the connection, runs the command and reports its end.
 * @throws ApiError before the connection is taken over, so that the caller can refuse it by plain HTTP.
 */
export async function serveExec(
  upgrade: Upgrade,
  target: StreamTarget,
  {exec, clock}: {exec: Exec; clock: Clock},
): Promise<void> {
  const container = runningContainer(target);
  const wanted = wantedStreams(target.query);
  const argv = target.query.getAll('command');
  if (argv.length === 0) throw badRequest('you must specify at least 1 command for the container');
  if (!wanted.stdin && !wanted.stdout && !wanted.stderr) {
    throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  }
  const streams = await openProcess(upgrade, target, clock);
  try {
    const exitCode = await exec({
      pod: target.pod,
      container,
      argv,
      stdin: streams.stdin,
      stdout: streams.stdout,
      stderr: streams.stderr,
      tty: wanted.tty,
      onResize: listener => streams.onResize(listener),
      signal: streams.signal,
    });
    await streams.finish(exitStatus(exitCode));
  } catch (error) {
    // The API server wraps the kubelet's answer once more when it translates WebSocket to SPDY.
    const text = `error executing command in container: ${error instanceof Error ? error.message : String(error)}`;
    await streams.finish(internalStatus(streams.translated ? `Internal error occurred: ${text}` : text));
  }
}

/** Serves `attach`: what the container prints from now on. */
export async function serveAttach(
  upgrade: Upgrade,
  target: StreamTarget,
  {attach, clock}: {attach: Attach; clock: Clock},
): Promise<void> {
  const container = runningContainer(target);
  const streams = await openProcess(upgrade, target, clock);
  streams.stdin?.resume();
  await attach({pod: target.pod, container, stdout: streams.stdout, signal: streams.signal});
  await streams.finish(exitStatus(0));
}

function openProcess(upgrade: Upgrade, {query}: StreamTarget, clock: Clock): Promise<ProcessStreams> {
  const open = isWebSocket(upgrade.request) ? openWebSocketProcess : openSpdyProcess;
  return open(upgrade, wantedStreams(query), clock);
}
