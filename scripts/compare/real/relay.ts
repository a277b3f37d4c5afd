import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Socket} from 'node:net';

/** A wire between a proxy and its control plane that can be held, as a slow network holds it. */
export interface Relay {
  port: number;
  /** Nothing more comes to the proxy until it is let go. */
  hold(): void;
  release(): void;
  close(): void;
}

export async function startRelay(target: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  const downward = new Set<Socket>();
  let held = false;
  const server = createServer(near => {
    const far = connect(target, '127.0.0.1');
    downward.add(far);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        downward.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.on('data', bytes => near.write(bytes));
    if (held) far.pause();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    hold() {
      held = true;
      for (const socket of downward) socket.pause();
    },
    release() {
      held = false;
      for (const socket of downward) socket.resume();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
