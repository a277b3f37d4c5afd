import {type IncomingMessage, request as requestHttp} from 'node:http';
import {Agent, type RequestOptions, request as requestHttps} from 'node:https';
import type {KubeConfig} from '@kubernetes/client-node';
import {WorkshopError} from '../../errors.ts';

/** The API server answered, and it was not success. */
export class KubeError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'KubeError';
    this.code = code;
  }
}

export interface Rest {
  /** GETs JSON. @throws KubeError for an answer that is no success, WorkshopError when nobody answers. */
  json<T>(path: string, accept?: string): Promise<T>;
  /** Sends an object, or DELETEs. @throws as `json`. */
  send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T>;
  /** Calls back for each line of a stream until it ends or the signal says so. */
  lines(path: string, signal: AbortSignal, onLine: (line: string) => void): Promise<void>;
  /** The same, whose requests end with the signal. */
  during(signal: AbortSignal): Rest;
}

const timeoutMilliseconds = 15_000;

/** Requests with a kubeconfig's address and credentials, exec plugins included. */
export function createRest(config: KubeConfig): Rest {
  const cluster = config.getCurrentCluster();
  if (!cluster) {
    throw new WorkshopError({
      code: 'no-cluster-in-kubeconfig',
      message: 'The kubeconfig names no cluster for its current context.',
      remedies: ['Choose a context: kubectl config use-context NAME'],
    });
  }
  const server = new URL(cluster.server);
  const secure = server.protocol === 'https:';
  const agent = new Agent({keepAlive: true, maxSockets: 16});
  let credentials: Promise<RequestOptions> | undefined;

  async function open(path: string, asked: Asked): Promise<IncomingMessage> {
    credentials ??= credentialsOf(config);
    const used = credentials;
    used.catch(() => {
      if (credentials === used) credentials = undefined;
    });
    const response = await request(path, asked, await used);
    if (response.statusCode !== 401) return response;
    // A plugin's token lasts for minutes, and this client for hours: it is asked for another one, once.
    response.resume();
    if (credentials === used) credentials = credentialsOf(config);
    return request(path, asked, await (credentials ?? used));
  }

  function request(path: string, asked: Asked, base: RequestOptions): Promise<IncomingMessage> {
    const {method, body, headers, signal, streams} = asked;
    const options: RequestOptions = {
      ...base,
      // An agent that goes by a proxy is client-node's own.
      agent: cluster?.proxyUrl ? base.agent : secure ? mergeAgent(agent, base) : undefined,
      // An address of IPv6 is in brackets only within a URL.
      host: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port || (secure ? 443 : 80),
      path: server.pathname.replace(/\/$/, '') + path,
      headers: {...(base.headers as Record<string, string>), ...headers},
      ...(method ? {method} : {}),
      // One of its own for each: many requests at once would each listen to the same.
      ...(signal ? {signal: AbortSignal.any([signal])} : {}),
      ...(streams ? {} : {timeout: timeoutMilliseconds}),
    };
    return new Promise((resolve, reject) => {
      const sent = (secure ? requestHttps : requestHttp)(options, resolve);
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMilliseconds / 1000} s`)));
      sent.on('error', reject);
      sent.end(body);
    });
  }

  async function answer<T>(path: string, asked: Asked): Promise<T> {
    let response: IncomingMessage;
    let text = '';
    try {
      response = await open(path, asked);
      response.setEncoding('utf8');
      for await (const chunk of response) text += chunk;
    } catch (error) {
      throw error instanceof WorkshopError ? error : unreachable(server.href, error);
    }
    refuse(response, text);
    return JSON.parse(text) as T;
  }

  /** @throws KubeError for an answer that is no success, WorkshopError when it does not know who asks. */
  function refuse(response: IncomingMessage, text: string): void {
    const code = response.statusCode ?? 0;
    const message = messageIn(text) ?? `status ${code}`;
    if (code === 401) throw notSignedIn(server.href, message);
    if (code >= 300) throw new KubeError(code, message);
  }

  const over = (limit?: AbortSignal): Rest => ({
    json: (path, accept = 'application/json') => answer(path, {headers: {accept}, signal: limit}),
    send(method, path, body) {
      const headers = {accept: 'application/json', ...(body ? {'content-type': 'application/json'} : {})};
      return answer(path, {headers, method, body: body && JSON.stringify(body), signal: limit});
    },
    async lines(path, own, onLine) {
      const signal = limit ? AbortSignal.any([limit, own]) : own;
      try {
        const response = await open(path, {headers: {accept: 'application/json'}, signal, streams: true});
        response.setEncoding('utf8');
        let rest = '';
        const refused = (response.statusCode ?? 0) >= 300;
        for await (const chunk of response) {
          rest += chunk;
          if (refused) continue;
          const lines = rest.split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) onLine(line);
        }
        refuse(response, rest);
      } catch (error) {
        if (signal.aborted) return;
        throw error instanceof KubeError || error instanceof WorkshopError
          ? error
          : unreachable(server.href, error);
      }
    },
    during: signal => over(limit ? AbortSignal.any([limit, signal]) : signal),
  });
  return over();
}

interface Asked {
  headers: Record<string, string>;
  method?: string;
  body?: string | undefined;
  signal?: AbortSignal | undefined;
  /** It has no time limit. */
  streams?: boolean;
}

/** @throws WorkshopError `no-credentials` when a plugin of the kubeconfig gives none. */
async function credentialsOf(config: KubeConfig): Promise<RequestOptions> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw new WorkshopError({
      code: 'no-credentials',
      message: 'The kubeconfig gives no credentials for the cluster.',
      detail: (error instanceof Error ? error.message : String(error)).trim(),
      remedies: ['Sign in as you do for kubectl; then see whether this answers: kubectl get --raw /version'],
      cause: error,
    });
  }
  return options;
}

/** One keep-alive agent that carries the credentials client-node put into its own. */
function mergeAgent(agent: Agent, base: RequestOptions): Agent {
  const given = base.agent;
  if (given instanceof Agent) Object.assign(agent.options, given.options, {keepAlive: true});
  return agent;
}

function messageIn(text: string): string | undefined {
  try {
    const status = JSON.parse(text);
    return typeof status.message === 'string' ? status.message : undefined;
  } catch {
    return undefined;
  }
}

function unreachable(server: string, error: unknown): WorkshopError {
  return new WorkshopError({
    code: 'cluster-unreachable',
    message: `The cluster at ${server} does not answer.`,
    detail: error instanceof Error ? error.message : String(error),
    remedies: [{say: 'Start it again', command: 'cluster up'}],
    cause: error,
  });
}

function notSignedIn(server: string, message: string): WorkshopError {
  return new WorkshopError({
    code: 'credentials-refused',
    message: `The cluster at ${server} does not accept the kubeconfig's credentials.`,
    detail: message,
    remedies: [
      'They may have expired: sign in as you do for kubectl; then see whether this answers: kubectl get --raw /version',
    ],
  });
}
