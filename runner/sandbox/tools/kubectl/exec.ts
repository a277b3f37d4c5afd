import {pathOf} from '../shared/discovery.ts';
import {ToolError, type ToolIo} from '../shared/io.ts';
import type {Command} from './command.ts';
import {attachablePod, defaultContainer, podType} from './pods.ts';

const channels = {stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255} as const;

/** What a session of `exec` needs of a WebSocket. */
interface Socket {
  send(data: Uint8Array): void;
  close(): void;
  on(event: 'message', listener: (data: Buffer) => void): void;
  on(event: 'close' | 'error', listener: (error?: Error) => void): void;
}

function frame(channel: number, data: string | Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([channel]), Buffer.from(data as any)]);
}

/** Passes the terminal through until the command ends. @returns its Status. */
function converse(socket: Socket, io: ToolIo, options: {stdin: boolean; tty: boolean}): Promise<any> {
  return new Promise((resolve, reject) => {
    let status: any;
    const ends: (() => void)[] = [];
    const finish = (settle: () => void) => {
      for (const end of ends.splice(0)) end();
      settle();
    };
    socket.on('message', data => {
      const body = data.subarray(1);
      if (data[0] === channels.stdout) io.out(body);
      else if (data[0] === channels.stderr) io.err(body);
      else if (data[0] === channels.status) {
        status = JSON.parse(body.toString('utf8'));
        socket.close();
      }
    });
    socket.on('close', () =>
      finish(() => (status ? resolve(status) : reject(new ToolError('error: lost connection to pod')))),
    );
    socket.on('error', error => finish(() => reject(error)));
    const stop = () => socket.close();
    io.signal.addEventListener('abort', stop);
    ends.push(() => io.signal.removeEventListener('abort', stop));
    if (options.stdin) {
      const onData = (chunk: Buffer) => socket.send(frame(channels.stdin, chunk));
      const onEnd = () => socket.send(Buffer.from([channels.close, channels.stdin]));
      io.stdin.on('data', onData).on('end', onEnd);
      ends.push(() => {
        io.stdin.off('data', onData).off('end', onEnd);
        io.stdin.pause();
      });
    }
    const {terminal} = io;
    if (options.tty && terminal) {
      const resize = () => {
        const {columns, rows} = terminal.size();
        socket.send(frame(channels.resize, JSON.stringify({Width: columns, Height: rows})));
      };
      terminal.setRaw(true);
      ends.push(() => terminal.setRaw(false), terminal.onResize(resize));
      resize();
    }
  });
}

function exitCodeOf(status: any): number {
  if (status.status === 'Success') return 0;
  if (status.reason !== 'NonZeroExitCode') throw new ToolError(`error: ${status.message}`);
  return Number(status.details?.causes?.find((cause: any) => cause.reason === 'ExitCode')?.message ?? 1);
}

export const exec: Command = {
  name: 'exec',
  short: 'Execute a command in a container.',
  usage: 'kubectl exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...] [options]',
  examples:
    "  # Get output from running the 'date' command from pod mypod, using the first container by default\n  kubectl exec mypod -- date",
  flags: [
    {name: 'container', short: 'c', type: 'string', usage: 'Container name.'},
    {name: 'stdin', short: 'i', type: 'bool', usage: 'Pass stdin to the container'},
    {name: 'tty', short: 't', type: 'bool', usage: 'Stdin is a TTY'},
    {name: 'quiet', short: 'q', type: 'bool', usage: 'Only print output from the remote session'},
    {name: 'pod-running-timeout', type: 'duration', default: '1m0s', usage: 'Accepted and ignored'},
  ],
  async run(invocation) {
    const {io, session, flags, args} = invocation;
    const [target, ...inline] = args;
    const command = flags.afterDash ?? [];
    if (target === undefined) throw new ToolError('error: pod, type/name or --filename must be specified');
    if (command.length === 0 && inline.length > 0) {
      throw new ToolError(
        "error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples",
      );
    }
    if (command.length === 0)
      throw new ToolError('error: you must specify at least one command for the container');
    const pod = await attachablePod(invocation, target);
    if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') {
      throw new ToolError(
        `error: cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`,
      );
    }
    const asked = flags.string('container');
    const container =
      asked || defaultContainer(pod, text => (flags.bool('quiet') ? undefined : io.err(text)));
    let tty = flags.bool('tty');
    if (tty && !io.terminal) {
      io.err('Unable to use a TTY - input is not a terminal or the right kind of file\n');
      tty = false;
    }
    const parameters = new URLSearchParams();
    for (const word of command) parameters.append('command', word);
    parameters.set('container', container);
    if (flags.bool('stdin')) parameters.set('stdin', 'true');
    parameters.set('stdout', 'true');
    if (tty) parameters.set('tty', 'true');
    else parameters.set('stderr', 'true');
    const {openWebSocket} = await import('../shared/websocket.ts');
    const path = pathOf(podType, {
      namespace: pod.metadata.namespace,
      name: pod.metadata.name,
      subresource: 'exec',
    });
    const socket = await openWebSocket(await session.client(), {path, parameters}, ['v5.channel.k8s.io']);
    const code = exitCodeOf(await converse(socket as Socket, io, {stdin: flags.bool('stdin'), tty}));
    if (code !== 0) io.err(`command terminated with exit code ${code}\n`);
    return code;
  },
};
