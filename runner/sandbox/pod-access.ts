import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
import type {ApiClient} from './api/client.ts';
import type {Clock, Random} from './clock.ts';
import {captureCommand, ExecutableNotFound, runCommand} from './exec/run-command.ts';
import {serviceAccountFiles, volumeFiles} from './exec/volume-files.ts';
import type {ExecProbe} from './kubelet/probes.ts';
import type {Kubelet} from './kubelet/start.ts';
import type {ClusterNetwork} from './mesh/network.ts';
import {createServiceDirectory, type ServiceDirectory} from './mesh/service-directory.ts';
import type {Container, Pod} from './objects.ts';
import {createPodStreams, type PodStreams} from './streams/pod-streams.ts';

export interface PodAccessOptions {
  client: ApiClient;
  network: ClusterNetwork;
  /** Asked when a request comes, since the kubelet in turn needs `execProbe` to start. */
  kubelet: () => Kubelet;
  clock: Clock;
  random: Random;
}

/** What reaches into running pods from outside: streams for clients, exec probes for the kubelet. */
export interface PodAccess {
  streams: PodStreams;
  execProbe: ExecProbe;
  close(): void;
}

/** Connects the streaming subresources to the kubelet's containers and the pods' networks. */
export function createPodAccess(options: PodAccessOptions): PodAccess {
  const {client, network, kubelet, clock, random} = options;
  let directory: ServiceDirectory | undefined;

  const commandContext = (pod: Pod, container: Container) => {
    const handle = kubelet().container(pod.metadata.uid ?? '', container.name);
    if (!handle?.running || !handle.attachment) throw new Error(`container not found ("${container.name}")`);
    return {
      pod: client.get<Pod>('pods', pod.metadata.name, pod.metadata.namespace) ?? pod,
      container: handle.running.container,
      env: handle.running.env,
      programs: handle.running.image.programs,
      network: handle.attachment.network,
      clock,
      resolve(name: string) {
        if (name === 'localhost') return ['127.0.0.1'];
        directory ??= createServiceDirectory({client, random});
        const ip = directory.resolve(name, pod.metadata.namespace ?? 'default');
        return ip === undefined ? [] : [ip];
      },
      volumeFiles: (name: string) => volumeFiles(client, pod, name),
      otherFiles: () => serviceAccountFiles(client, pod),
    };
  };

  const streams = createPodStreams({
    clock,
    logs: {
      read: (pod, container, asked) => kubelet().logs.read(pod, container, asked),
      follow: (pod, container, listener) => kubelet().logs.follow(pod, container, listener),
    },
    dial(pod, port) {
      const attachment = network.attachment(pod.metadata.uid ?? '');
      if (!attachment)
        return Promise.reject(Object.assign(new Error('connection refused'), {code: 'ECONNREFUSED'}));
      return attachment.dialLocal(port);
    },
    async exec({pod, container, ...request}) {
      try {
        return await runCommand({...commandContext(pod, container), ...request});
      } catch (error) {
        if (!(error instanceof ExecutableNotFound)) throw error;
        const execId = randomBytes(32).toString('hex');
        throw new Error(
          `failed to exec in container: failed to start exec "${execId}": ${error.message}: unknown`,
        );
      }
    },
    async attach({pod, container, stdout, signal}) {
      await new Promise<void>(resolve => {
        const stop = kubelet().logs.follow(pod, container.name, {
          line: ({text}) => void stdout.write(`${text}\n`),
          end: () => resolve(),
        });
        once(signal, 'abort').then(() => {
          stop();
          resolve();
        });
      });
    },
  });

  return {
    streams,
    async execProbe({pod, container, command}) {
      const signal = new AbortController().signal;
      try {
        const result = await captureCommand({...commandContext(pod, container), argv: command, signal});
        return {exitCode: result.exitCode, output: result.stdout + result.stderr};
      } catch (error) {
        if (error instanceof ExecutableNotFound) return {exitCode: 127, output: error.message};
        throw error;
      }
    },
    close: () => directory?.close(),
  };
}
