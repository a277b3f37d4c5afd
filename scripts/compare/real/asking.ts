import {Agent, type IncomingHttpHeaders, request} from 'node:http';
import {connect, type Socket} from 'node:net';
import {text} from 'node:stream/consumers';
import {setTimeout as sleep} from 'node:timers/promises';
import type {CompleteRequest} from '../cases/case.ts';
import {inBlock} from '../world/addresses.ts';
import {callers} from '../world/callers.ts';
import {type AccessLogEntry, type AccessLogs, requestIdHeader} from './access-logs.ts';
import {clientHello} from './client-hello.ts';
import {type Echo, type EchoServers, echoHeader} from './echo-servers.ts';
import {waitUntil} from './wait-until.ts';

/** One answer as it came back. */
export interface RawAnswer {
  id: string;
  /** The connection's, where there was no answer. */
  error?: string;
  status?: number;
  headers?: IncomingHttpHeaders;
  /** Of an answer that no echo server wrote. */
  body?: string;
  echo?: Echo;
  /** Who answered bytes that are no HTTP. */
  bytesFrom?: string;
  /** Copies of the request that came to somebody else. */
  mirrored?: readonly Echo[];
  /** Whether a proxy handled it as HTTP, so that its access log has a line. */
  proxied: boolean;
  log?: AccessLogEntry;
}

/** The port that Istio's iptables rules lead all outbound connections to. */
const outboundPort = 15001;
/** At others a request has a connection of its own, since connections are what is balanced there. */
const httpPorts = [80, 8080, 9080];
let asked = 0;

export interface AskOptions {
  times: number;
  block: number;
  logs: AccessLogs;
  echoes: EchoServers;
  /** Whether copies of the request may come somewhere. */
  mirrored: boolean;
}

/** Asks through a caller's proxy, up to four times at once, and waits for the access log. */
export async function ask(
  wanted: CompleteRequest,
  {times, block, logs, echoes, mirrored}: AskOptions,
): Promise<RawAnswer[]> {
  const caller = callers[wanted.caller];
  const ip = inBlock(caller.ip, block);
  const dial = () => {
    if (caller.kind === 'gateway') return connect(wanted.port, ip);
    const socket = connect(outboundPort, ip);
    socket.write(`PROXY TCP4 ${ip} ${inBlock(wanted.ip, block)} 40000 ${wanted.port}\r\n`);
    return socket;
  };
  if (wanted.speak !== 'http') return askBytes(dial, wanted, times);
  const agent = new Agent({keepAlive: true, maxSockets: Math.min(4, times)});
  agent.createConnection = dial;
  const once = () => {
    asked += 1;
    return askOnce(agent, wanted, `${asked}`);
  };
  const answers = await Promise.all(Array.from({length: times}, once));
  agent.destroy();
  await waitUntil('the access log', () => answers.every(({id, proxied}) => !proxied || logs.has(id)), 3000);
  // Copies are sent beside the request, and nobody waits for them.
  if (mirrored) await sleep(mirrorMilliseconds);
  return answers.map(answer => {
    const log = logs.take(answer.id);
    const copies = copiesOf(echoes.seen(answer.id), answer.echo);
    return {...answer, ...(log ? {log} : {}), ...(copies.length > 0 ? {mirrored: copies} : {})};
  });
}

const mirrorMilliseconds = 40;

/** All but the request that was answered. */
function copiesOf(seen: readonly Echo[], answered: Echo | undefined): Echo[] {
  const own = seen.findIndex(
    ({pod, headers}) => pod === answered?.pod && JSON.stringify(headers) === JSON.stringify(answered.headers),
  );
  return seen.filter((_, index) => index !== own);
}

/** One connection after the other, each with a few bytes that are no HTTP. */
async function askBytes(
  dial: () => Socket,
  {speak, host}: CompleteRequest,
  times: number,
): Promise<RawAnswer[]> {
  const answers: RawAnswer[] = [];
  for (let count = 0; count < times; count += 1) {
    const socket = dial();
    socket.write(speak === 'tls' ? clientHello(host.replace(/:\d+$/, '')) : 'hello\r\n');
    socket.setTimeout(3000, () => socket.destroy(new Error('timeout')));
    const answer = await text(socket).then(
      bytesFrom => (bytesFrom === '' ? {error: 'ECONNRESET'} : {bytesFrom}),
      (error: NodeJS.ErrnoException) => ({error: error.code ?? error.message}),
    );
    answers.push({id: '', proxied: false, ...answer});
  }
  return answers;
}

function askOnce(agent: Agent, wanted: CompleteRequest, id: string): Promise<RawAnswer> {
  const {method, host, path, headers} = wanted;
  return new Promise(resolve => {
    const fail = (error: NodeJS.ErrnoException) =>
      resolve({id, error: error.code ?? error.message, proxied: false});
    const sent = request(
      {
        agent,
        method,
        path,
        setHost: false,
        headers: {
          ...headers,
          host,
          [requestIdHeader]: id,
          ...(httpPorts.includes(wanted.port) ? {} : {connection: 'close'}),
        },
        timeout: 10_000,
      },
      response => {
        text(response).then(body => {
          const own = response.headers;
          // Whatever no echo server wrote comes from a proxy; what passed one as HTTP carries its mark.
          const proxied = !own[echoHeader] || 'x-envoy-upstream-service-time' in own;
          const echo = own[echoHeader] ? {echo: JSON.parse(body || '{}')} : {body};
          resolve({id, status: response.statusCode ?? 0, headers: own, proxied, ...echo});
        }, fail);
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('timeout')));
    sent.on('error', fail);
    sent.end();
  });
}
