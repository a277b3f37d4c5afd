import {createServer, type Server} from 'node:net';
import {type Duplex, duplexPair} from 'node:stream';
import {type Clock, type Random, seededRandom, systemClock} from '../clock.ts';
import type {ContainerProgram, KnownImage} from '../kubelet/image.ts';
import type {ConnectionHandler} from '../mesh/network.ts';
import type {Container, Pod} from '../objects.ts';
import {bookinfoImages} from './images.ts';

/** For tests: pods that reach each other by name without a cluster. Not for the sandbox itself. */
export class InMemoryPods {
  readonly logs = new Map<string, string[]>();
  readonly #listeners = new Map<string, ConnectionHandler>();
  readonly #routes = new Map<string, string>();
  readonly #programs: ContainerProgram[] = [];
  readonly #servers: Server[] = [];
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(options: {clock?: Clock; random?: Random} = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? seededRandom(1);
  }

  /** Starts a Bookinfo image as the pod `name`; `host` is the name that others reach it by. */
  async start(options: {
    image: string;
    name: string;
    host?: string;
    env?: Record<string, string>;
    container?: Partial<Container>;
  }): Promise<ContainerProgram> {
    const {name, env = {}} = options;
    const image = imageNamed(options.image);
    const lines: string[] = [];
    this.logs.set(name, lines);
    if (options.host !== undefined) this.route(options.host, name);
    const program = await image.start({
      pod: podNamed(name),
      container: {name: 'app', image: options.image, ...options.container},
      env: {HOSTNAME: name, ...env},
      attachment: {
        network: {
          podIP: '10.0.0.1',
          listen: async (port, onConnection) => {
            this.#listeners.set(`${name}:${port}`, onConnection);
            return {close: async () => void this.#listeners.delete(`${name}:${port}`)};
          },
          dial: async (host, port) => this.dial(host, port),
        },
        capture: () => () => {},
        dialDirect: async (ip, port) => this.dial(ip, port),
        dialLocal: async port => this.dial(name, port),
        detach: async () => {},
      },
      log: line => lines.push(line),
      clock: this.#clock,
      random: this.#random,
      startUp: 0,
    });
    this.#programs.push(program);
    return program;
  }

  /** Points a host name at a pod. */
  route(host: string, pod: string): void {
    this.#routes.set(host, pod);
  }

  /** Stands in for a pod: gets the connections made to it. */
  listen(pod: string, port: number, onConnection: ConnectionHandler): void {
    this.#listeners.set(`${pod}:${port}`, onConnection);
  }

  dial(host: string, port: number): Duplex {
    const pod = this.#routes.get(host) ?? host;
    const listener = this.#listeners.get(`${pod}:${port}`);
    if (listener === undefined) {
      throw Object.assign(new Error(`connect ECONNREFUSED ${host}:${port}`), {code: 'ECONNREFUSED'});
    }
    const [near, far] = duplexPair();
    listener(far, {ip: '10.0.0.2', port: 40_000});
    return near;
  }

  /** Serves a pod's port 9080 on this machine's loopback. @returns the address, `http://127.0.0.1:PORT`. */
  async expose(pod: string): Promise<string> {
    const server = createServer(socket => {
      const connection = this.dial(pod, 9080);
      socket.pipe(connection).pipe(socket);
      socket.on('error', () => connection.destroy());
      connection.on('error', () => socket.destroy());
    });
    this.#servers.push(server);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    for (const server of this.#servers) server.close();
    await Promise.all(this.#programs.map(program => program.stop()));
  }
}

function podNamed(name: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, namespace: 'bookinfo'},
    spec: {containers: []},
    status: {phase: 'Running'},
  };
}

function imageNamed(reference: string): KnownImage {
  const image = bookinfoImages().find(candidate => candidate.matches(reference));
  if (image === undefined) throw new Error(`no image ${reference}`);
  return image;
}
