import type {ClientRequest, IncomingMessage} from 'node:http';
import {messageOf} from '../../../errors.ts';
import type {RetryPolicy} from '../../../istio/route-table.ts';
import type {Random, Timer} from '../../clock.ts';
import type {ReplayBody} from './body.ts';
import {headersOf, httpDate, writeHead} from './headers.ts';
import type {HeaderMap, Hop, HopPool} from './hop.ts';
import {failureOf, failureReply, type ReplyContext, sendLocalReply, type UpstreamFailure} from './reply.ts';

/** One choice of an upstream host. */
export interface Try {
  hop: Hop;
  /** `10.244.0.7:9080`, for the access log. */
  address: string;
  /** Told when this try is over. `status` 0: there was no answer. */
  finished(status: number): void;
}

export interface ForwardOptions extends ReplyContext {
  pool: HopPool;
  random: Random;
  body: ReplayBody;
  method: string;
  path: string;
  /** Without `x-envoy-attempt-count`, which counts up here. */
  headers: HeaderMap;
  countAttempts: boolean;
  /** 0: none. */
  timeout: number;
  retries: RetryPolicy | undefined;
  /** Chooses a host for the next try; `overflow` where the pool's limits forbid it. */
  next(): Promise<Try | 'no-endpoints' | 'overflow'>;
  /** Changes the response's headers on their way back. */
  onResponseHeaders(headers: HeaderMap, response: IncomingMessage): void;
  /** Called once, when nothing more will happen. */
  done(): void;
}

const resetPolicies = ['5xx', 'gateway-error', 'reset'];
const connectPolicies = ['5xx', 'gateway-error', 'connect-failure'];

function retriesFailure(policy: RetryPolicy, failure: UpstreamFailure): boolean {
  switch (failure.kind) {
    case 'refused':
    case 'connect-timeout':
    case 'tls':
      return connectPolicies.some(name => policy.retryOn.has(name)) || policy.retryOn.has('reset');
    case 'reset':
      return (
        resetPolicies.some(name => policy.retryOn.has(name)) || policy.retryOn.has('reset-before-request')
      );
    case 'per-try-timeout':
      return resetPolicies.some(name => policy.retryOn.has(name));
    default:
      return false;
  }
}

function retriesStatus(policy: RetryPolicy, status: number, headers: HeaderMap): boolean {
  const {retryOn, statusCodes} = policy;
  if (retryOn.has('retriable-status-codes') || statusCodes.size > 0) {
    if (statusCodes.has(status)) return true;
  }
  if (retryOn.has('5xx') && status >= 500) return true;
  if (retryOn.has('gateway-error') && status >= 502 && status <= 504) return true;
  if (retryOn.has('retriable-4xx') && status === 409) return true;
  return retryOn.has('envoy-ratelimited') && headers['x-envoy-ratelimited'] !== undefined;
}

/** Envoy's router: tries, retries and time-outs, and the response streamed back. */
export function forward(options: ForwardOptions): void {
  const {exchange, response, clock, body, retries} = options;
  let attempts = 0;
  let current: {request: ClientRequest; end(status: number): void} | undefined;
  let over = false;
  let responding = false;
  let perTry: Timer | undefined;
  let global: Timer | undefined;
  let backoff: Timer | undefined;

  function finish(): void {
    if (over) return;
    over = true;
    perTry?.cancel();
    global?.cancel();
    backoff?.cancel();
    options.done();
  }

  function abandon(status: number): void {
    const abandoned = current;
    current = undefined;
    abandoned?.end(status);
    abandoned?.request.destroy();
  }

  function fail(failure: UpstreamFailure): void {
    if (over || responding) return;
    if (failure.kind === 'timeout') abandon(504);
    const reply = failureReply(failure, attempts > 1);
    if (attempts > 1 && retries && attempts > retries.attempts) exchange.flags.push('URX');
    sendLocalReply(options, reply);
    finish();
  }

  /** Ends what can't go on, such as a head with a value that no head may have. */
  function breakOff(error: unknown): void {
    if (over) return;
    const why = messageOf(error).replaceAll(/\s+/g, '_');
    sendLocalReply(options, {status: 500, body: '', details: `internal_error{${why}}`});
    abandon(500);
    finish();
  }

  function mayRetry(): boolean {
    return retries !== undefined && attempts <= retries.attempts && body.replayable && !responding;
  }

  function retry(): void {
    perTry?.cancel();
    const base = retries?.backoff ?? 25;
    const most = base * 10;
    const wait = options.random() * Math.min(base * (2 ** attempts - 1), most);
    backoff = clock.after(wait, () => void attempt().catch(breakOff));
  }

  function failed(failure: UpstreamFailure): void {
    if (over) return;
    if (retries && retriesFailure(retries, failure) && mayRetry()) retry();
    else fail(failure);
  }

  async function attempt(): Promise<void> {
    if (over) return;
    attempts += 1;
    const chosen = await options.next();
    if (over) {
      if (typeof chosen !== 'string') chosen.finished(0);
      return;
    }
    if (chosen === 'no-endpoints') return fail({kind: 'no-endpoints'});
    if (chosen === 'overflow') return fail({kind: 'overflow'});
    exchange.upstreamHost = chosen.address;
    open(chosen, true);
  }

  function open(chosen: Try, mayReopen: boolean): void {
    const headers = {...options.headers};
    if (options.countAttempts) headers['x-envoy-attempt-count'] = String(attempts);
    let ended = false;
    const end = (status: number) => {
      if (ended) return;
      ended = true;
      chosen.finished(status);
    };
    const request = options.pool.open(
      {hop: chosen.hop, method: options.method, path: options.path, headers},
      incoming => {
        if (current?.request !== request) return void incoming.destroy();
        try {
          answered(request, incoming, end);
        } catch (error) {
          breakOff(error);
        }
      },
    );
    current = {request, end};
    request.on('error', error => {
      if (current?.request !== request || responding) return;
      current = undefined;
      // A kept connection that the other side had just closed: nothing was sent yet, so it is no try.
      if (mayReopen && request.reusedSocket && body.replayable) {
        open({...chosen, finished: end}, false);
        return;
      }
      end(0);
      failed(failureOf(error));
    });
    body.sendTo(request);
    if (retries?.perTryTimeout) {
      perTry = clock.after(retries.perTryTimeout, () => {
        if (responding || over) return;
        abandon(504);
        failed({kind: 'per-try-timeout'});
      });
    }
  }

  function answered(request: ClientRequest, incoming: IncomingMessage, end: (status: number) => void): void {
    const status = incoming.statusCode ?? 0;
    const headers = headersOf(incoming);
    perTry?.cancel();
    if (retries && retriesStatus(retries, status, headers) && mayRetry()) {
      current = undefined;
      incoming.resume();
      // The rest of the body goes to the next try.
      if (!body.complete) request.destroy();
      end(status);
      retry();
      return;
    }
    if (retries && attempts > 1 && attempts > retries.attempts && retriesStatus(retries, status, headers)) {
      exchange.flags.push('URX');
    }
    responding = true;
    global?.cancel();
    exchange.status = status;
    exchange.details = 'via_upstream';
    exchange.serviceTime = Math.round(clock.now() - sentAt);
    headers['x-envoy-upstream-service-time'] = String(exchange.serviceTime);
    options.onResponseHeaders(headers, incoming);
    headers['server'] = options.serverHeader;
    headers['date'] ??= httpDate(clock.now());
    writeHead(response, status, headers);
    incoming.on('data', (chunk: Buffer) => {
      exchange.bytesSent += chunk.length;
      if (!response.write(chunk)) {
        incoming.pause();
        response.once('drain', () => incoming.resume());
      }
    });
    incoming.on('end', () => {
      current = undefined;
      end(status);
      response.end();
      finish();
      // Answered before all was sent: its connection is of no use when the rest never comes.
      body.whenBroken(() => request.destroy());
    });
    const broken = () => {
      if (over || incoming.complete) return;
      exchange.flags.push('UC');
      exchange.details = 'upstream_reset_after_response_started{connection_termination}';
      end(0);
      response.destroy();
      finish();
    };
    incoming.on('error', broken);
    incoming.on('close', broken);
  }

  response.on('close', () => {
    if (response.writableFinished || over) return;
    exchange.flags.push('DC');
    exchange.details = 'downstream_remote_disconnect';
    if (!responding) exchange.status = 0;
    abandon(0);
    finish();
  });

  const sentAt = clock.now();
  if (options.timeout > 0) {
    body.whenComplete(() => {
      if (over || responding) return;
      global = clock.after(options.timeout, () => fail({kind: 'timeout'}));
    });
  }
  attempt().catch(breakOff);
}
