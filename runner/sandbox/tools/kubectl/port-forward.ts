import {createServer, type Server, type Socket} from 'node:net';
import {pathOf} from '../shared/discovery.ts';
import {ToolError} from '../shared/io.ts';
import type {Command, Invocation} from './command.ts';
import {namedObject, podsOf, podType} from './pods.ts';

interface Ports {
  local: number;
  remote: number;
}

function portOf(text: string): number {
  const port = Number(text);
  if (text === '' || !Number.isInteger(port) || port < 0 || port > 65535) {
    throw new ToolError(
      `error: error parsing local port '${text}': strconv.ParseUint: parsing "${text}": invalid syntax`,
    );
  }
  return port;
}

function targetPort(pod: any, port: string | number): number {
  if (typeof port === 'number') return port;
  for (const container of [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])]) {
    const named = container.ports?.find((candidate: any) => candidate.name === port);
    if (named) return named.containerPort;
  }
  throw new ToolError(`error: Pod '${pod.metadata.name}' does not have a named port '${port}'`);
}

/** The pod's port behind what a learner gave: a Service's port is translated. */
function remotePort(object: any, pod: any, text: string): number {
  if (object.kind !== 'Service') return targetPort(pod, /^\d+$/.test(text) ? Number(text) : text);
  const port = object.spec.ports.find((candidate: any) =>
    /^\d+$/.test(text) ? candidate.port === Number(text) : candidate.name === text,
  );
  if (!port)
    throw new ToolError(`error: Service ${object.metadata.name} does not have a service port ${text}`);
  return object.spec.clusterIP === 'None' ? port.port : targetPort(pod, port.targetPort ?? port.port);
}

function parsePorts(object: any, pod: any, text: string): Ports {
  const parts = text.split(':');
  if (parts.length > 2) throw new ToolError(`error: invalid port format '${text}'`);
  const [first = '', second] = parts;
  if (second === undefined) {
    const remote = remotePort(object, pod, first);
    const own = /^\d+$/.test(first)
      ? Number(first)
      : (object.spec.ports?.find((port: any) => port.name === first)?.port ?? remote);
    return {local: own, remote};
  }
  return {local: first === '' ? 0 : portOf(first), remote: remotePort(object, pod, second)};
}

async function listen(port: number, host: string, onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer(onConnection);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

/** Carries one local connection over a WebSocket of its own. */
async function carry(invocation: Invocation, pod: any, remote: number, socket: Socket): Promise<void> {
  const {io, session} = invocation;
  socket.on('error', () => socket.destroy());
  socket.pause();
  const {openWebSocket} = await import('../shared/websocket.ts');
  const path = pathOf(podType, {
    namespace: pod.metadata.namespace,
    name: pod.metadata.name,
    subresource: 'portforward',
  });
  const remoteSocket = await openWebSocket(
    await session.client(),
    {path, parameters: new URLSearchParams({ports: String(remote)})},
    ['v4.channel.k8s.io'],
  );
  const opened = new Set<number>();
  remoteSocket.on('message', (data: Buffer) => {
    const channel = data[0] ?? 0;
    // The first message of each channel repeats the port.
    if (!opened.has(channel)) {
      opened.add(channel);
      return;
    }
    const body = data.subarray(1);
    if (channel === 1) {
      io.err(
        `E portforward: an error occurred forwarding ${socket.localPort} -> ${remote}: ${body.toString('utf8')}\n`,
      );
      socket.destroy();
    } else if (!socket.write(body)) {
      remoteSocket.pause();
      socket.once('drain', () => remoteSocket.resume());
    }
  });
  remoteSocket.on('close', () => socket.end());
  remoteSocket.on('error', () => socket.destroy());
  socket.on('data', chunk => remoteSocket.send(Buffer.concat([Buffer.from([0]), chunk])));
  socket.on('close', () => remoteSocket.close());
  socket.resume();
}

export const portForward: Command = {
  name: 'port-forward',
  short: 'Forward one or more local ports to a pod.',
  usage:
    'kubectl port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  examples:
    '  # Listen on port 8443 locally, forwarding to the targetPort of the service\'s port named "https"\n  kubectl port-forward service/myservice 8443:https',
  flags: [
    {name: 'address', type: 'list', usage: 'Addresses to listen on (comma separated).'},
    {
      name: 'pod-running-timeout',
      type: 'duration',
      default: '1m0s',
      usage: 'The length of time to wait until at least one pod is running',
    },
  ],
  async run(invocation) {
    const {io, session, flags, args} = invocation;
    const [target, ...ports] = args;
    if (target === undefined || ports.length === 0) {
      throw new ToolError(
        "error: TYPE/NAME and list of ports are required for port-forward\nSee 'kubectl port-forward -h' for help and examples",
      );
    }
    const {object} = await namedObject(invocation, target);
    const pod = object.kind === 'Pod' ? object : (await podsOf(await session.client(), object))[0];
    if (!pod) throw new ToolError(`error: timed out waiting for the condition`);
    if (pod.status.phase !== 'Running') {
      throw new ToolError(
        `error: unable to forward port because pod is not running. Current status=${pod.status.phase}`,
      );
    }
    const pairs = ports.map(port => parsePorts(object, pod, port));
    const servers: Server[] = [];
    const addresses = flags.list('address').flatMap(list => list.split(','));
    const hosts = (addresses.length > 0 ? addresses : ['localhost']).flatMap(address =>
      address === 'localhost' ? ['127.0.0.1', '::1'] : [address],
    );
    for (const pair of pairs) {
      let {local} = pair;
      const failures: string[] = [];
      for (const host of hosts) {
        const connection = (socket: Socket) => {
          io.out(`Handling connection for ${local}\n`);
          carry(invocation, pod, pair.remote, socket).catch(error => {
            io.err(`error: ${(error as Error).message}\n`);
            socket.destroy();
          });
        };
        try {
          const server = await listen(local, host, connection);
          servers.push(server);
          local = (server.address() as {port: number}).port;
          io.out(`Forwarding from ${host.includes(':') ? `[${host}]` : host}:${local} -> ${pair.remote}\n`);
        } catch (error) {
          const why =
            (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
              ? 'bind: address already in use'
              : (error as Error).message;
          failures.push(
            `unable to create listener: Error listen tcp${host.includes(':') ? '6' : '4'} ${host.includes(':') ? `[${host}]` : host}:${local}: ${why}`,
          );
        }
      }
      if (failures.length === hosts.length) {
        for (const server of servers) server.close();
        throw new ToolError(
          `Unable to listen on port ${pair.local}: Listeners failed to create with the following errors: [${failures.join(' ')}]\nerror: unable to listen on any of the requested ports: [{${pair.local} ${pair.remote}}]`,
        );
      }
    }
    await untilGone(invocation, pod);
    for (const server of servers) server.close();
    if (!io.signal.aborted) throw new ToolError('error: lost connection to pod');
  },
};

/** Resolves when the user stops it or the pod has ended. */
async function untilGone({io, session}: Invocation, pod: any): Promise<void> {
  const client = await session.client();
  const path = pathOf(podType, {namespace: pod.metadata.namespace});
  let revision = pod.metadata.resourceVersion;
  while (!io.signal.aborted) {
    const query = {
      fieldSelector: `metadata.name=${pod.metadata.name}`,
      resourceVersion: revision,
      watch: true,
    };
    for await (const event of client.watch({path, query, signal: io.signal})) {
      if (
        event.type === 'DELETED' ||
        (event.object.metadata?.uid && event.object.metadata.uid !== pod.metadata.uid)
      )
        return;
      if (event.type === 'ERROR') break;
      if (['Succeeded', 'Failed'].includes(event.object.status?.phase)) return;
      revision = event.object.metadata.resourceVersion;
    }
    if (io.signal.aborted) return;
    const list = await client.json({path, query: {fieldSelector: `metadata.name=${pod.metadata.name}`}});
    if (list.items[0]?.metadata.uid !== pod.metadata.uid) return;
    revision = list.metadata.resourceVersion;
  }
}
