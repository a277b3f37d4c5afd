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
  send<T>(method: 'POST' | 'DELETE', path: string, body?: object): Promise<T>;
  /** Calls back for each line of a stream until it ends or the signal says so. */
  lines(path: string, signal: AbortSignal, onLine: (line: string) => void): Promise<void>;
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

  async function open(
    path: string,
    headers: Record<string, string>,
    signal?: AbortSignal,
    send?: {method: string; body: string | undefined},
  ): Promise<IncomingMessage> {
    credentials ??= (async () => {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      return options;
    })();
    const base = await credentials;
    const options: RequestOptions = {
      ...base,
      ...(secure ? {agent: mergeAgent(agent, base)} : {agent: undefined}),
      host: server.hostname,
      port: server.port || (secure ? 443 : 80),
      path: server.pathname.replace(/\/$/, '') + path,
      headers: {...(base.headers as Record<string, string>), ...headers},
      ...(send ? {method: send.method} : {}),
      ...(signal ? {signal} : {timeout: timeoutMilliseconds}),
    };
    return new Promise((resolve, reject) => {
      const request = (secure ? requestHttps : requestHttp)(options, resolve);
      request.on('timeout', () =>
        request.destroy(new Error(`no answer within ${timeoutMilliseconds / 1000} s`)),
      );
      request.on('error', reject);
      request.end(send?.body);
    });
  }

  async function answer<T>(opening: Promise<IncomingMessage>): Promise<T> {
    let response: IncomingMessage;
    let text = '';
    try {
      response = await opening;
      response.setEncoding('utf8');
      for await (const chunk of response) text += chunk;
    } catch (error) {
      throw unreachable(server.href, error);
    }
    if ((response.statusCode ?? 0) >= 300) {
      throw new KubeError(response.statusCode ?? 0, messageIn(text) ?? `status ${response.statusCode}`);
    }
    return JSON.parse(text) as T;
  }

  return {
    json: (path, accept = 'application/json') => answer(open(path, {accept})),
    send(method, path, body) {
      const headers = {accept: 'application/json', ...(body ? {'content-type': 'application/json'} : {})};
      return answer(open(path, headers, undefined, {method, body: body && JSON.stringify(body)}));
    },
    async lines(path, signal, onLine) {
      try {
        const response = await open(path, {accept: 'application/json'}, signal);
        response.setEncoding('utf8');
        let rest = '';
        for await (const chunk of response) {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) onLine(line);
        }
      } catch (error) {
        if (!signal.aborted) throw unreachable(server.href, error);
      }
    },
  };
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
    remedies: ['Start it again: istio-workshop cluster up'],
    cause: error,
  });
}
