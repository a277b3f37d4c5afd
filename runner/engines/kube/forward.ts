import {createServer, type Socket} from 'node:net';
import {setTimeout as delay} from 'node:timers/promises';
import type {KubeConfig} from '@kubernetes/client-node';

export interface Forward {
  /** The port on 127.0.0.1 that leads into the pods. */
  port: number;
  close(): Promise<void>;
}

export interface ForwardTarget {
  namespace: string;
  pod: string;
  port: number;
}

const attempts = 5;
const pauseMilliseconds = 200;

/**
 * Forwards a random local port into pods, as `kubectl port-forward` does: it enters on the pod's loopback and
 * bypasses the inbound sidecar. `targets` is asked for every connection, and again when its pod can't be entered, so
 * replaced pods are found again, and several pods take turns.
 */
export async function forwardTo(options: {
  config: KubeConfig;
  targets(): Promise<readonly ForwardTarget[]>;
}): Promise<Forward> {
  const {PortForward} = await import('./client-node.ts');
  const forwarder = new PortForward(options.config);
  const sockets = new Set<Socket>();
  let turn = 0;

  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    connect(socket).catch(() => socket.destroy());
  });

  /** A pod that was just replaced is still named for a moment: ask again who is there. */
  async function connect(socket: Socket): Promise<void> {
    for (let attempt = 1; !socket.destroyed; attempt += 1) {
      try {
        return await enter(socket);
      } catch (error) {
        if (attempt === attempts) throw error;
        await delay(pauseMilliseconds);
      }
    }
  }

  async function enter(socket: Socket): Promise<void> {
    const targets = await options.targets();
    const target = targets[turn++ % Math.max(1, targets.length)];
    if (!target) throw new Error('No pod is there to enter.');
    const {namespace, pod, port} = target;
    const websocket = await forwarder.portForward(namespace, pod, [port], socket, null, socket, 0);
    const opened = typeof websocket === 'function' ? websocket() : websocket;
    // Whoever connected may have left while the way was being opened.
    if (socket.destroyed) return opened?.close();
    socket.on('close', () => opened?.close());
    opened?.addEventListener?.('close', () => socket.end());
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('The local end of a port-forward has no port.');
  return {
    port: address.port,
    close: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
