import {messageOf} from '../../errors.ts';
import {type Clock, type Random, rfc3339, type Timer} from '../clock.ts';
import type {EventRecorder} from '../controllers/event-recorder.ts';
import type {PodAttachment} from '../mesh/network.ts';
import type {Container, ContainerStatus, Pod} from '../objects.ts';
import type {Pace} from '../pace.ts';
import {createBackOff} from './back-off.ts';
import {createContainerImage} from './container-image.ts';
import {goDuration} from './durations.ts';
import {expandVariables} from './environment.ts';
import type {ContainerProgram, KnownImage} from './image.ts';
import type {ImagePulls} from './image-pulls.ts';
import type {ImageStore} from './image-store.ts';
import {type ContainerLogs, createContainerLogs} from './logs.ts';
import {startProbeWorker} from './probe-worker.ts';
import {type ExecProbe, runProbe} from './probes.ts';

export type ContainerRole = 'init' | 'sidecar' | 'app';

export interface ContainerDependencies {
  clock: Clock;
  random: Random;
  images: ImageStore;
  pulls: ImagePulls;
  pace: Pace;
  events: EventRecorder;
  execProbe: ExecProbe | undefined;
  /** The pod as it is now. */
  pod(): Pod;
  attachment(): PodAttachment;
  environment(container: Container): Record<string, string>;
  /** Something about the container changed. */
  changed(): void;
}

/** One container of a pod over all its restarts. */
export interface PodContainer {
  readonly role: ContainerRole;
  readonly spec: Container;
  readonly logs: ContainerLogs;
  /** What runs in it: absent while it does not run. */
  readonly running: {image: KnownImage; env: Record<string, string>; container: Container} | undefined;
  /** Running, and its startup probe has passed. */
  readonly started: boolean;
  readonly ready: boolean;
  /** Taken over from an earlier kubelet as running, while its program does not run again or is not ready yet. */
  readonly returning: boolean;
  /** Set once it has ended and will not be started again. */
  readonly ended: {exitCode: number} | undefined;
  /** Waits for something that is missing outside, such as a ConfigMap. */
  readonly waitsForConfig: boolean;
  /** Starts it, unless that has happened. */
  ensureStarted(): void;
  /** Tries again at once, after what was missing may have come. */
  retry(): void;
  /** Stops it for good. */
  stop(graceMilliseconds: number): Promise<void>;
  status(waitingReason: string): ContainerStatus;
}

type State =
  | {kind: 'new'}
  | {kind: 'waiting'; reason: string; message?: string}
  | {kind: 'running'; startedAt: string}
  | {kind: 'terminated'; detail: NonNullable<ContainerStatus['state']['terminated']>};

/** `before` is the status a kubelet that ran earlier left behind; a container that ran then is taken over. */
export function createPodContainer(
  spec: Container,
  role: ContainerRole,
  dependencies: ContainerDependencies,
  before: ContainerStatus | undefined,
): PodContainer {
  const {clock, random, images, pulls, pace, events, changed} = dependencies;
  const logs = createContainerLogs(clock);
  const restarts = createBackOff(clock, false);
  const fieldPath = `spec.${role === 'app' ? 'containers' : 'initContainers'}{${spec.name}}`;
  const policy = dependencies.pod().spec.restartPolicy ?? 'Always';

  let state: State = {kind: 'new'};
  let begun = false;
  let fetching = false;
  let adopting = false;
  let returning = false;
  let stopping = false;
  let restartCount = before?.restartCount ?? 0;
  let runs = before?.containerID ? restartCount + 1 : 0;
  let lastState: ContainerStatus['lastState'] = before?.lastState ?? {};
  let containerID = before?.containerID;
  let shown = {image: before?.image, imageID: before?.imageID};
  let program: ContainerProgram | undefined;
  let running: PodContainer['running'];
  let started = false;
  let ready = false;
  let timer: Timer | undefined;
  let endProbes: (() => void)[] = [];

  if (before?.state.running) {
    state = {kind: 'running', startedAt: before.state.running.startedAt};
    started = before.started ?? true;
    ready = before.ready;
    adopting = true;
    returning = true;
    images.keep(spec.image);
  } else if (before?.state.terminated) {
    state = {kind: 'terminated', detail: before.state.terminated};
    started = false;
    begun = !restartsAfter(before.state.terminated.exitCode);
  }
  // The kubelet that ran earlier had restarted it at once already; the next end has to wait.
  if (!adopting && restartCount > 0) restarts.next();

  const normal = (reason: string, message: string) =>
    events.normal(dependencies.pod(), reason, message, {fieldPath});
  const warning = (reason: string, message: string) =>
    events.warning(dependencies.pod(), reason, message, {fieldPath});

  function restartsAfter(exitCode: number): boolean {
    if (role === 'sidecar') return true;
    if (role === 'init') return exitCode !== 0 && policy !== 'Never';
    return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
  }

  function wait(reason: string, message?: string) {
    state = {kind: 'waiting', reason, ...(message === undefined ? {} : {message})};
    changed();
  }

  function later(milliseconds: number, run: () => void) {
    timer?.cancel();
    timer = clock.after(milliseconds, run);
  }

  const source = createContainerImage({
    spec,
    clock,
    images,
    pulls,
    normal,
    warning,
    wait,
    later,
    again: () => void start(),
    stopped: () => stopping,
  });

  async function start(): Promise<void> {
    if (stopping || fetching) return;
    const silent = adopting;
    fetching = true;
    const image = await source.get(silent);
    fetching = false;
    if (image === undefined || stopping) return;
    shown = {image: image.reference, imageID: image.imageID};
    let env: Record<string, string>;
    try {
      env = dependencies.environment(spec);
    } catch (error) {
      warning('Failed', `Error: ${messageOf(error)}`);
      wait('CreateContainerConfigError', messageOf(error));
      return;
    }
    const container = withVariables(spec, env);
    if (!silent) {
      if (runs > 0) restartCount++;
      runs++;
      containerID = `containerd://${hex(random, 64)}`;
      normal('Created', `Created container: ${spec.name}`);
    }
    logs.begin();
    await run({known: image.known, container, env, silent});
  }

  async function run(what: {
    known: KnownImage;
    container: Container;
    env: Record<string, string>;
    silent: boolean;
  }): Promise<void> {
    const {known, container, env, silent} = what;
    try {
      const context = {
        pod: dependencies.pod(),
        container,
        env,
        attachment: dependencies.attachment(),
        log: (line: string) => logs.write(line),
        clock,
        random,
        // A program that is taken over has been serving all the time, as far as anybody in the cluster knows.
        startUp: silent ? 0 : pace.startUp(known),
      };
      program = await known.start(context);
    } catch (error) {
      if (stopping) return;
      const message = messageOf(error);
      if (!silent) warning('Failed', `Error: ${message}`);
      ended({exitCode: 128, reason: 'StartError', message, startedAt: rfc3339(0)});
      return;
    }
    const mine = program;
    if (stopping) {
      await mine.stop();
      return;
    }
    adopting = false;
    if (!silent) {
      normal('Started', `Started container ${spec.name}`);
      state = {kind: 'running', startedAt: rfc3339(clock.now())};
    }
    running = {image: known, env, container};
    void mine.exited.then(
      ({exitCode, message}) => exited(mine, exitCode, message),
      error => exited(mine, 1, messageOf(error)),
    );
    watchHealth(container);
    changed();
  }

  function watchHealth(container: Container) {
    const {startupProbe, livenessProbe, readinessProbe} = container;
    const probe = (
      kind: 'Startup' | 'Liveness' | 'Readiness',
      definition: any,
      onChange: (healthy: boolean) => void,
    ) => {
      const attempt = () =>
        runProbe(
          {
            pod: dependencies.pod(),
            container,
            podIP: dependencies.attachment().network.podIP,
            attachment: dependencies.attachment(),
            execProbe: dependencies.execProbe,
            clock,
          },
          definition,
        );
      const onFailure = (output: string) => warning('Unhealthy', `${kind} probe failed: ${output}`);
      const stop = startProbeWorker({
        clock,
        probe: definition,
        attempt,
        onChange,
        onFailure,
        startsHealthy: kind === 'Liveness',
        eager: pace.eagerProbes,
      });
      endProbes.push(stop);
      return stop;
    };
    const afterStartup = () => {
      started = true;
      if (livenessProbe) probe('Liveness', livenessProbe, healthy => healthy || kill('liveness'));
      if (!readinessProbe) {
        ready = true;
        returning = false;
      } else {
        probe('Readiness', readinessProbe, healthy => {
          ready = healthy;
          returning = false;
          changed();
        });
      }
      changed();
    };
    if (!startupProbe) {
      afterStartup();
      return;
    }
    const stop = probe('Startup', startupProbe, healthy => {
      stop();
      if (healthy) afterStartup();
      else kill('startup');
    });
  }

  function kill(probe: 'liveness' | 'startup') {
    normal('Killing', `Container ${spec.name} failed ${probe} probe, will be restarted`);
    stopProbes();
    void endProgram(gracePeriod(dependencies.pod()));
  }

  function stopProbes() {
    for (const end of endProbes.splice(0)) end();
    endProbes = [];
  }

  function exited(which: ContainerProgram, exitCode: number, message?: string) {
    if (which !== program) return;
    program = undefined;
    const startedAt = state.kind === 'running' ? state.startedAt : rfc3339(clock.now());
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    ended({exitCode, reason, startedAt, ...(message === undefined ? {} : {message})});
  }

  function ended(end: {exitCode: number; reason: string; startedAt: string; message?: string}) {
    stopProbes();
    logs.end();
    running = undefined;
    started = false;
    ready = false;
    adopting = false;
    const detail = {...end, finishedAt: rfc3339(clock.now()), ...(containerID ? {containerID} : {})};
    state = {kind: 'terminated', detail};
    if (!stopping && restartsAfter(end.exitCode)) restart();
    changed();
  }

  function restart() {
    const milliseconds = restarts.next();
    if (state.kind === 'terminated') lastState = {terminated: state.detail};
    if (milliseconds === 0) {
      later(0, () => void start());
      return;
    }
    const {name, namespace, uid} = dependencies.pod().metadata;
    const where = `pod ${name}_${namespace}(${uid})`;
    warning('BackOff', `Back-off restarting failed container ${spec.name} in ${where}`);
    const container = `container=${spec.name} pod=${name}_${namespace}(${uid})`;
    wait('CrashLoopBackOff', `back-off ${goDuration(milliseconds)} restarting failed ${container}`);
    later(milliseconds, () => void start());
  }

  async function endProgram(grace: number) {
    const mine = program;
    if (!mine) return;
    let expiry: Timer | undefined;
    const killed = new Promise<number>(resolve => {
      expiry = clock.after(grace, () => resolve(137));
    });
    const left = mine.stop().then(
      () => 143,
      () => 137,
    );
    const exitedBy = mine.exited.then(
      ({exitCode}) => exitCode,
      () => 1,
    );
    const code = await Promise.race([
      exitedBy,
      killed,
      left.then(code => Promise.race([exitedBy, nextTurn(code)])),
    ]);
    expiry?.cancel();
    exited(mine, code);
  }

  return {
    role,
    spec,
    logs,
    get running() {
      return running;
    },
    get started() {
      return started;
    },
    get ready() {
      return ready;
    },
    get returning() {
      return returning && state.kind === 'running';
    },
    get ended() {
      if (state.kind !== 'terminated' || restartsAfter(state.detail.exitCode)) return undefined;
      return {exitCode: state.detail.exitCode};
    },
    get waitsForConfig() {
      return state.kind === 'waiting' && state.reason === 'CreateContainerConfigError';
    },
    ensureStarted() {
      if (begun) return;
      begun = true;
      void start();
    },
    retry() {
      if (!stopping && state.kind === 'waiting') void start();
    },
    async stop(grace) {
      stopping = true;
      timer?.cancel();
      stopProbes();
      if (!program) return;
      normal('Killing', `Stopping container ${spec.name}`);
      await endProgram(grace);
    },
    status(waitingReason) {
      return {
        name: spec.name,
        state: stateOf(state, waitingReason),
        lastState,
        ready: role === 'init' ? state.kind === 'terminated' && state.detail.exitCode === 0 : ready,
        restartCount,
        image: shown.image ?? spec.image,
        imageID: shown.imageID ?? '',
        ...(containerID ? {containerID} : {}),
        started: role === 'init' ? state.kind === 'running' : started,
      };
    },
  };
}

/** Lets a program's own exit code arrive that follows its stop. */
const nextTurn = <T>(value: T) => new Promise<T>(resolve => setImmediate(resolve, value));

export function gracePeriod(pod: Pod): number {
  return (pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
}

function stateOf(state: State, waitingReason: string): ContainerStatus['state'] {
  switch (state.kind) {
    case 'new':
      return {waiting: {reason: waitingReason}};
    case 'waiting':
      return {
        waiting: {reason: state.reason, ...(state.message === undefined ? {} : {message: state.message})},
      };
    case 'running':
      return {running: {startedAt: state.startedAt}};
    case 'terminated':
      return {terminated: state.detail};
  }
}

function withVariables(container: Container, env: Record<string, string>): Container {
  const expand = (list: string[] | undefined) => list?.map(text => expandVariables(text, env));
  const command = expand(container.command);
  const args = expand(container.args);
  return {...container, ...(command ? {command} : {}), ...(args ? {args} : {})};
}

function hex(random: Random, length: number): string {
  return Array.from({length}, () => Math.floor(random() * 16).toString(16)).join('');
}
