import type {Duplex} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import type {Pod} from '../objects.ts';
import {bareContainerId, containerStatus} from './container-choice.ts';

/** Reaches a port on a pod's own loopback, so past an inbound sidecar, as a real port-forward does. */
export type DialPod = (pod: Pod, port: number) => Promise<Duplex>;

/** The text a client shows when nothing listens on the port (containerd's, for a pod on this node). */
export function forwardError(pod: Pod, port: number, error: unknown): string {
  const sandbox =
    bareContainerId(containerStatus(pod, pod.spec.containers[0]?.name ?? '')) || pod.metadata.uid;
  const code = (error as NodeJS.ErrnoException).code;
  const why =
    code === 'ECONNREFUSED' || code === undefined
      ? 'connect: connection refused'
      : `connect: ${describe(code)}`;
  return (
    `error forwarding port ${port} to pod ${sandbox}, uid : failed to execute portforward in network namespace ` +
    `"/var/run/netns/cni-${pod.metadata.uid}": failed to connect to localhost:${port} inside namespace ` +
    `"${sandbox}", IPv4: dial tcp4 127.0.0.1:${port}: ${why} IPv6 dial tcp6 [::1]:${port}: ${why} `
  );
}

/** Copies both ways until both sides have ended; a break of one side ends the other. */
export async function joinStreams(client: Duplex, target: Duplex): Promise<void> {
  const both = await Promise.allSettled([pipeline(client, target), pipeline(target, client)]);
  if (both.some(one => one.status === 'rejected')) {
    target.destroy();
    client.destroy();
  }
}

function describe(code: string): string {
  if (code === 'ETIMEDOUT') return 'connection timed out';
  if (code === 'ECONNRESET') return 'connection reset by peer';
  return 'connection refused';
}
