import {request as httpRequest} from 'node:http';
import type {Duplex} from 'node:stream';
import {connect as tlsConnect} from 'node:tls';
import {messageOf} from '../../errors.ts';
import type {Clock} from '../clock.ts';
import type {PodAttachment} from '../mesh/network.ts';
import type {Container, Pod} from '../objects.ts';

/** Runs a command in a container without a process of the host; for `exec` probes. */
export type ExecProbe = (request: {
  pod: Pod;
  container: Container;
  command: readonly string[];
}) => Promise<{exitCode: number; output: string}>;

export interface ProbeTarget {
  pod: Pod;
  container: Container;
  podIP: string;
  attachment: PodAttachment;
  execProbe: ExecProbe | undefined;
  clock: Clock;
}

export type ProbeResult = {ok: true} | {ok: false; output: string};

/** One attempt of a probe, at most `timeoutSeconds` long; failures carry the kubelet's words. Never rejects. */
export async function runProbe(target: ProbeTarget, probe: any): Promise<ProbeResult> {
  const timeout = (probe.timeoutSeconds ?? 1) * 1000;
  let timer: {cancel(): void} | undefined;
  let open: Duplex | undefined;
  const expired = new Promise<ProbeResult>(resolve => {
    timer = target.clock.after(timeout, () => {
      open?.destroy();
      resolve({ok: false, output: timedOut(target, probe)});
    });
  });
  const attempt = attemptOf(target, probe, socket => {
    open = socket;
  }).catch((error: unknown): ProbeResult => ({ok: false, output: failed(target, probe, error)}));
  const result = await Promise.race([attempt, expired]);
  timer?.cancel();
  open?.destroy();
  return result;
}

async function attemptOf(
  target: ProbeTarget,
  probe: any,
  opened: (socket: Duplex) => void,
): Promise<ProbeResult> {
  const {pod, container, execProbe, attachment} = target;
  if (probe.exec) {
    if (!execProbe) return {ok: false, output: 'the simulated kubelet has no commands to run'};
    const {exitCode, output} = await execProbe({pod, container, command: probe.exec.command ?? []});
    return exitCode === 0 ? {ok: true} : {ok: false, output};
  }
  if (probe.tcpSocket) {
    opened(await attachment.dialLocal(portOf(container, probe.tcpSocket.port)));
    return {ok: true};
  }
  if (probe.httpGet) {
    const socket = await attachment.dialLocal(portOf(container, probe.httpGet.port));
    opened(socket);
    return httpGet(target, probe.httpGet, socket);
  }
  return {ok: false, output: 'the simulated kubelet does not speak gRPC health checks'};
}

function httpGet(target: ProbeTarget, get: any, socket: Duplex): Promise<ProbeResult> {
  const port = portOf(target.container, get.port);
  const given = (get.httpHeaders ?? []).map((header: any) => [header.name, header.value]);
  const stream =
    get.scheme === 'HTTPS' ? tlsConnect({socket: socket as never, rejectUnauthorized: false}) : socket;
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      createConnection: () => stream,
      method: 'GET',
      path: get.path || '/',
      headers: {
        host: `${get.host ?? target.podIP}:${port}`,
        'user-agent': 'kube-probe/1.33',
        accept: '*/*',
        connection: 'close',
        ...Object.fromEntries(given),
      },
    });
    request.on('response', response => {
      response.resume();
      const code = response.statusCode ?? 0;
      const ok = code >= 200 && code < 400;
      resolve(ok ? {ok: true} : {ok: false, output: `HTTP probe failed with statuscode: ${code}`});
    });
    request.on('error', reject);
    request.end();
  });
}

export function portOf(container: Container, port: number | string): number {
  if (typeof port === 'number') return port;
  const named = container.ports?.find(one => one.name === port);
  const number = named?.containerPort ?? Number(port);
  if (!Number.isInteger(number)) throw new Error(`couldn't find port: ${JSON.stringify(port)}`);
  return number;
}

function addressOf({podIP, container}: ProbeTarget, probe: any): string {
  const handler = probe.httpGet ?? probe.tcpSocket ?? {};
  const port = portOf(container, handler.port);
  if (!probe.httpGet) return `${podIP}:${port}`;
  const scheme = (handler.scheme ?? 'HTTP').toLowerCase();
  return `${scheme}://${handler.host ?? podIP}:${port}${handler.path || '/'}`;
}

function timedOut(target: ProbeTarget, probe: any): string {
  if (probe.exec)
    return `command timed out: "${(probe.exec.command ?? []).join(' ')}" timed out after ${probe.timeoutSeconds ?? 1}s`;
  if (probe.httpGet) {
    return `Get "${addressOf(target, probe)}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;
  }
  return `dial tcp ${addressOf(target, probe)}: i/o timeout`;
}

function failed(target: ProbeTarget, probe: any, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const words =
    code === 'ECONNREFUSED'
      ? 'connect: connection refused'
      : code === 'ECONNRESET'
        ? 'EOF'
        : messageOf(error);
  if (probe.exec || words.startsWith("couldn't find port")) return words;
  const {podIP, container} = target;
  if (probe.httpGet) {
    const port = portOf(container, probe.httpGet.port);
    const detail = code === 'ECONNREFUSED' ? `dial tcp ${podIP}:${port}: ${words}` : words;
    return `Get "${addressOf(target, probe)}": ${detail}`;
  }
  return `dial tcp ${addressOf(target, probe)}: ${words}`;
}
