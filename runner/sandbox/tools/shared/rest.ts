import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import {Agent as HttpsAgent, request as httpsRequest} from 'node:https';
import type {Connection} from './kubeconfig.ts';

/** A `metav1.Status` failure, or an answer that was none. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string | undefined;
  readonly status: any;

  constructor(status: any) {
    super(status.message ?? 'unknown');
    this.name = 'StatusError';
    this.code = status.code ?? 500;
    this.reason = status.reason;
    this.status = status;
  }
}

/** The server could not be reached at all. */
export class ConnectionError extends Error {
  readonly host: string;
  readonly system: string | undefined;

  constructor(host: string, error: NodeJS.ErrnoException) {
    super(error.message);
    this.name = 'ConnectionError';
    this.host = host;
    this.system = error.code;
  }
}

export interface RestRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  accept?: string;
  contentType?: string;
  /** An object is sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
}

export interface RestOptions {
  connection: Connection;
  userAgent: string;
  /** Gets the text of each `Warning` header. */
  warn(text: string): void;
  impersonate?: {user?: string | undefined; groups?: readonly string[]};
}

/** Texts of `299 - "text"` warnings, which are UTF-8; a header may hold several. */
export function warningTexts(header: string | undefined): string[] {
  const texts: string[] = [];
  // Node reads each byte of a header as a character.
  const decoded = Buffer.from(header ?? '', 'latin1').toString('utf8');
  for (const [, text] of decoded.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g))
    texts.push((text ?? '').replace(/\\(.)/g, '$1'));
  return texts;
}

function withQuery(path: string, query: RestRequest['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.append(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** A small client of the Kubernetes API over one kept connection. */
export class RestClient {
  readonly connection: Connection;
  private readonly url: URL;
  private readonly agent: HttpAgent | HttpsAgent;
  private readonly options: RestOptions;

  constructor(options: RestOptions) {
    this.options = options;
    this.connection = options.connection;
    this.url = new URL(options.connection.server);
    const keep = {keepAlive: true, maxSockets: 8};
    this.agent =
      this.url.protocol === 'https:' ? new HttpsAgent({...keep, ...this.tls()}) : new HttpAgent(keep);
  }

  /** What `tls.connect` needs for this cluster. */
  tls(): Record<string, unknown> {
    const {ca, cert, key, insecure, serverName} = this.connection;
    return {
      ...(ca ? {ca} : {}),
      ...(cert && key ? {cert, key} : {}),
      rejectUnauthorized: !insecure,
      ...(serverName ? {servername: serverName} : {}),
    };
  }

  /** Headers that say who asks. */
  identity(): Record<string, string> {
    const {token, username, password} = this.connection;
    const {impersonate} = this.options;
    return {
      'User-Agent': this.options.userAgent,
      ...(token ? {Authorization: `Bearer ${token}`} : {}),
      ...(!token && username
        ? {Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`}
        : {}),
      ...(impersonate?.user ? {'Impersonate-User': impersonate.user} : {}),
    };
  }

  get host(): string {
    return this.url.host;
  }

  /** The absolute address of a path, as errors name it. */
  address(path: string, query?: RestRequest['query']): string {
    return `${this.connection.server}${withQuery(path, query)}`;
  }

  /** Sends a request and resolves with the answer's head; its body is still to be read. @throws ConnectionError */
  open(request: RestRequest): Promise<IncomingMessage> {
    const body =
      request.body === undefined
        ? undefined
        : typeof request.body === 'string'
          ? request.body
          : JSON.stringify(request.body);
    const base = this.url.pathname === '/' ? '' : this.url.pathname;
    const send = this.url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const call: ClientRequest = send(
        {
          hostname: this.url.hostname.replace(/^\[|\]$/g, ''),
          port: this.url.port,
          path: base + withQuery(request.path, request.query),
          method: request.method ?? 'GET',
          agent: this.agent,
          headers: {
            ...this.identity(),
            Accept: request.accept ?? 'application/json',
            ...(body === undefined
              ? {}
              : {
                  'Content-Type': request.contentType ?? 'application/json',
                  'Content-Length': Buffer.byteLength(body),
                }),
          },
          ...(request.signal ? {signal: request.signal} : {}),
        },
        response => {
          for (const text of warningTexts(response.headers['warning'] as string | undefined))
            this.options.warn(text);
          resolve(response);
        },
      );
      call.on('error', error =>
        reject(request.signal?.aborted ? error : new ConnectionError(this.host, error)),
      );
      call.end(body);
    });
  }

  /** The whole answer as text. @throws StatusError, ConnectionError */
  async text(request: RestRequest): Promise<string> {
    const response = await this.open(request);
    const body = await textOf(response);
    const code = response.statusCode ?? 500;
    if (code >= 400) throw new StatusError(statusOf(body, code));
    return body;
  }

  /** The answer's JSON. @throws StatusError, ConnectionError */
  async json<T = any>(request: RestRequest): Promise<T> {
    return JSON.parse(await this.text(request));
  }

  /** Watch events, one by one, until the server ends them or the signal aborts. @throws StatusError */
  async *watch(request: RestRequest): AsyncGenerator<{type: string; object: any}> {
    let response: IncomingMessage;
    try {
      response = await this.open(request);
      const code = response.statusCode ?? 500;
      if (code >= 400) throw new StatusError(statusOf(await textOf(response), code));
      yield* eventsOf(response);
    } catch (error) {
      if (!request.signal?.aborted) throw error;
    }
  }

  close(): void {
    this.agent.destroy();
  }
}

async function* eventsOf(response: IncomingMessage): AsyncGenerator<{type: string; object: any}> {
  let rest = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    rest += chunk;
    let cut = rest.indexOf('\n');
    while (cut >= 0) {
      const line = rest.slice(0, cut);
      rest = rest.slice(cut + 1);
      if (line.trim() !== '') yield JSON.parse(line);
      cut = rest.indexOf('\n');
    }
  }
}

/** Reads a response to its end. */
export async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** The Status of a failed answer; an answer without one is described as client-go does. */
export function statusOf(body: string, code: number): any {
  try {
    const status = JSON.parse(body);
    if (status.kind === 'Status') return {code, ...status};
  } catch {
    // Not the API server's own answer.
  }
  if (code === 404)
    return {
      code,
      reason: 'NotFound',
      message: 'the server could not find the requested resource',
      details: {},
    };
  if (code === 401) return {code, reason: 'Unauthorized', message: 'Unauthorized'};
  return {
    code,
    reason: 'InternalError',
    message: `an error on the server ("${body.trim().slice(0, 200)}") has prevented the request from succeeding`,
  };
}
