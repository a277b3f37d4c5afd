import {type Duplex, duplexPair} from 'node:stream';
import type {ClusterNetwork, ConnectionHandler, PodAttachment} from '../mesh/network.ts';

/** Pods that reach each other by IP, without names, sidecars or sockets; enough for what only probes. */
export function inMemoryNetwork(): ClusterNetwork {
  const pods = new Map<string, {attachment: PodAttachment; ip: string}>();
  const listeners = new Map<string, ConnectionHandler>();

  async function connect(ip: string, port: number, from: string): Promise<Duplex> {
    const handler = listeners.get(`${ip}:${port}`);
    if (!handler)
      throw Object.assign(new Error(`connect ECONNREFUSED ${ip}:${port}`), {code: 'ECONNREFUSED'});
    const [near, far] = duplexPair();
    handler(far, {ip: from, port: 40_000});
    return near;
  }

  return {
    async attach({ip, uid}) {
      const attachment: PodAttachment = {
        network: {
          podIP: ip,
          async listen(port, onConnection) {
            const key = `${ip}:${port}`;
            if (listeners.has(key))
              throw Object.assign(new Error(`listen EADDRINUSE ${key}`), {code: 'EADDRINUSE'});
            listeners.set(key, onConnection);
            return {
              close: async () => {
                listeners.delete(key);
              },
            };
          },
          dial: (host, port) => connect(host === 'localhost' ? ip : host, port, ip),
        },
        capture: () => () => {},
        dialDirect: (to, port) => connect(to, port, ip),
        dialLocal: port => connect(ip, port, '127.0.0.1'),
        detach: async () => {
          pods.delete(uid);
        },
      };
      pods.set(uid, {attachment, ip});
      return attachment;
    },
    attachment: uid => pods.get(uid)?.attachment,
    close: async () => {},
  };
}
