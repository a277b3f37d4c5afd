import {type ClientRequest, type IncomingMessage, request as requestHttp} from 'node:http';
import {request as requestHttps} from 'node:https';
import type {Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import type {Reached} from '../doctor/machine.ts';
import {proxyFor} from '../doctor/proxy.ts';
import {messageOf} from '../errors.ts';

const timeoutMilliseconds = 5000;

/**
 * Whether an address answers, by the way that curl, Helm and Docker take: through the proxy of the environment,
 * where it names one. Any answer will do, also one that asks for a password.
 */
export async function reach(
  url: string,
  options: {env: Readonly<Record<string, string>>; signal: AbortSignal},
): Promise<Reached> {
  const startedAt = performance.now();
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMilliseconds)]);
  try {
    const target = new URL(url);
    const proxy = proxyFor(target, options.env);
    const response = await (proxy
      ? headThrough(new URL(/:\/\//.test(proxy) ? proxy : `http://${proxy}`), target, signal)
      : answerOf(requestOf(target)(target, {method: 'HEAD', signal})));
    response.resume();
    // The proxy's own refusal is no answer of the address.
    if (proxy && response.statusCode === 407) return {ok: false, reason: 'the proxy asks for a password'};
    if (proxy && target.protocol === 'http:' && [502, 503, 504].includes(response.statusCode ?? 0)) {
      return {ok: false, reason: `the proxy says ${response.statusCode} ${response.statusMessage}`};
    }
    const date = Date.parse(response.headers.date ?? '');
    return {
      ok: true,
      milliseconds: Math.round(performance.now() - startedAt),
      ...(Number.isNaN(date) ? {} : {date}),
    };
  } catch (error) {
    const slow = signal.aborted && !options.signal.aborted;
    return {
      ok: false,
      reason: slow ? `no answer within ${timeoutMilliseconds / 1000} s` : messageOf(error) || String(error),
    };
  }
}

function requestOf(url: URL): typeof requestHttp {
  return url.protocol === 'https:' ? requestHttps : requestHttp;
}

function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve).on('error', reject).end();
  });
}

async function headThrough(proxy: URL, target: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const headers = proxy.username
    ? {
        'proxy-authorization': `Basic ${Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`).toString('base64')}`,
      }
    : {};
  const way = {host: proxy.hostname, port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80), signal};
  const request = requestOf(proxy);
  if (target.protocol === 'http:') {
    return answerOf(
      request({...way, method: 'HEAD', path: target.href, headers: {...headers, host: target.host}}),
    );
  }
  const authority = `${target.hostname}:${target.port || 443}`;
  const socket = await tunnelOf(
    request({...way, method: 'CONNECT', path: authority, headers: {...headers, host: authority}}),
  );
  return answerOf(
    requestHttps(target, {
      method: 'HEAD',
      signal,
      agent: false,
      createConnection: () => connectTls({socket, servername: target.hostname}),
    }),
  );
}

/** @throws Error with what the proxy answered when it is not willing. */
function tunnelOf(request: ClientRequest): Promise<Socket> {
  return new Promise((resolve, reject) => {
    request
      .on('connect', (response, socket) => {
        if (response.statusCode === 200) return resolve(socket);
        socket.destroy();
        reject(new Error(`the proxy says ${response.statusCode} ${response.statusMessage}`));
      })
      .on('error', error => reject(new Error(`the proxy does not answer: ${error.message}`)))
      .end();
  });
}
