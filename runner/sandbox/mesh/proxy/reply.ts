import type {ServerResponse} from 'node:http';
import type {Clock} from '../../clock.ts';
import type {Exchange} from './exchange.ts';
import {httpDate, writeHead} from './headers.ts';
import type {HeaderMap} from './hop.ts';

/** An answer that the proxy gives itself. */
export interface LocalReply {
  status: number;
  body: string;
  flag?: string;
  details: string;
  headers?: HeaderMap;
  transportFailure?: string;
}

export interface ReplyContext {
  response: ServerResponse;
  exchange: Exchange;
  clock: Clock;
  /** `envoy` or `istio-envoy`. */
  serverHeader: string;
}

/** Sends a local reply with Envoy's headers and notes what the access log says of it. */
export function sendLocalReply(context: ReplyContext, reply: LocalReply): void {
  const {response, exchange, clock, serverHeader} = context;
  if (reply.flag && !exchange.flags.includes(reply.flag)) exchange.flags.push(reply.flag);
  exchange.details = reply.details;
  exchange.status = reply.status;
  if (reply.transportFailure) exchange.transportFailure = reply.transportFailure;
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  exchange.bytesSent = Buffer.byteLength(reply.body);
  writeHead(response, reply.status, {
    'content-length': String(exchange.bytesSent),
    ...(reply.body === '' ? {} : {'content-type': 'text/plain'}),
    ...reply.headers,
    date: httpDate(clock.now()),
    server: serverHeader,
  });
  response.end(reply.body);
}

const resetPrefix = 'upstream connect error or disconnect/reset before headers. ';

/** Why an upstream gave no answer. */
export type UpstreamFailure =
  | {kind: 'refused'; text: string}
  | {kind: 'connect-timeout'}
  | {kind: 'tls'}
  | {kind: 'reset'}
  | {kind: 'overflow'}
  | {kind: 'no-endpoints'}
  | {kind: 'timeout'}
  | {kind: 'per-try-timeout'};

/** Tells a failed connection apart by the error that node:net gives. */
export function failureOf(error: unknown): UpstreamFailure {
  const {code, syscall} = error as NodeJS.ErrnoException;
  if (code === 'EPROTO') return {kind: 'tls'};
  if (code === 'ECONNREFUSED') return {kind: 'refused', text: 'Connection refused'};
  if (code === 'ENOTFOUND') return {kind: 'refused', text: 'Connection refused'};
  if (code === 'ETIMEDOUT' && syscall === 'connect') return {kind: 'connect-timeout'};
  return {kind: 'reset'};
}

/** Envoy's reply for a failure (facts: bodies, flags and details of router.cc). */
export function failureReply(failure: UpstreamFailure, retried: boolean): LocalReply {
  const again = retried ? 'retried and the latest ' : '';
  const reset = (reason: string, flag: string, details: string, transportFailure?: string): LocalReply => ({
    status: 503,
    body: `${resetPrefix}${again}reset reason: ${reason}`,
    flag,
    details: `upstream_reset_before_response_started{${details}}`,
    ...(transportFailure ? {transportFailure} : {}),
  });
  switch (failure.kind) {
    case 'refused': {
      const transport = `delayed connect error: ${failure.text}`;
      return reset(
        `remote connection failure, transport failure reason: ${transport}`,
        'UF',
        `remote_connection_failure,${transport.replaceAll(' ', '_')}`,
        transport,
      );
    }
    case 'connect-timeout':
      return reset('connection timeout', 'UF', 'connection_timeout');
    case 'tls': {
      const transport =
        'TLS_error:|268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end';
      return reset(
        `remote connection failure, transport failure reason: ${transport}`,
        'UF',
        `remote_connection_failure,${transport.replaceAll(' ', '_')}`,
        transport,
      );
    }
    case 'reset':
      return reset('connection termination', 'UC', 'connection_termination');
    case 'overflow':
      return {...reset('overflow', 'UO', 'overflow'), headers: {'x-envoy-overloaded': 'true'}};
    case 'no-endpoints':
      return {status: 503, body: 'no healthy upstream', flag: 'UH', details: 'no_healthy_upstream'};
    case 'timeout':
      return {status: 504, body: 'upstream request timeout', flag: 'UT', details: 'response_timeout'};
    case 'per-try-timeout':
      return {
        status: 504,
        body: 'upstream request timeout',
        flag: 'UT',
        details: 'upstream_per_try_timeout',
      };
  }
}
