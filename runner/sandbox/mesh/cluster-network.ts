import {chmodSync, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {WorkshopError} from '../../errors.ts';
import type {ApiClient} from '../api/client.ts';
import type {Clock, Random} from '../clock.ts';
import type {ClusterNetwork} from './network.ts';
import {createPodAttachment, type Fabric, type PodEndpoint} from './pod-attachment.ts';
import {createServiceDirectory} from './service-directory.ts';

export interface ClusterNetworkOptions {
  /** Holds the sockets; made with mode 0700. Short: a socket's path ends at 104 bytes on macOS. */
  directory: string;
  client: ApiClient;
  clock: Clock;
  random: Random;
}

const longestSocketPath = 103;

/**
 * The network of the simulated cluster, over Unix sockets in a private folder. Nothing outside is dialled.
 * @throws WorkshopError when the folder's path is too long for a socket.
 */
export function createClusterNetwork(options: ClusterNetworkOptions): ClusterNetwork {
  const {directory, client, random} = options;
  if (Buffer.byteLength(join(directory, 'zzzzz')) > longestSocketPath) {
    throw new WorkshopError({
      code: 'socket-path-too-long',
      message: `The folder for the sandbox's sockets has too long a path: ${directory}`,
      remedies: ['Choose a state folder with a shorter path.'],
    });
  }
  mkdirSync(directory, {recursive: true, mode: 0o700});
  chmodSync(directory, 0o700);
  const services = createServiceDirectory({client, random});
  const byIp = new Map<string, PodEndpoint>();
  const byUid = new Map<string, PodEndpoint>();
  let sockets = 0;
  let ephemeral = 0;
  let connections = 0;
  const fabric: Fabric = {
    services,
    find: ip => byIp.get(ip),
    dialled: new Map(),
    nextConnection: () => {
      connections += 1;
      return connections;
    },
    nextPort: () => {
      ephemeral = (ephemeral + 1) % 28_000;
      return 32_768 + ephemeral;
    },
  };
  return {
    async attach(pod) {
      sockets += 1;
      const endpoint = await createPodAttachment({
        pod,
        path: join(directory, sockets.toString(36)),
        fabric,
        onDetach() {
          if (byIp.get(pod.ip) === endpoint) byIp.delete(pod.ip);
          byUid.delete(pod.uid);
        },
      });
      byIp.set(pod.ip, endpoint);
      byUid.set(pod.uid, endpoint);
      return endpoint.attachment;
    },
    attachment: uid => byUid.get(uid)?.attachment,
    async close() {
      services.close();
      await Promise.all([...byUid.values()].map(endpoint => endpoint.attachment.detach()));
    },
  };
}
