/** A request on its way in, free of sockets so that tests can make one. */
export interface ApiRequest {
  method: string;
  /** Path and query. */
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body?: Uint8Array;
  /** Who the client's certificate names, where TLS has verified one. */
  certificate?: UserInfo;
}

export interface ApiResponse {
  status: number;
  headers: Record<string, string | string[]>;
  body: string | Uint8Array | ResponseStream;
}

/** A body that goes on: a watch, a followed log. */
export interface ResponseStream {
  /** Starts to write. @returns what to call when the client has gone. */
  start(sink: ResponseSink): () => void;
}

export interface ResponseSink {
  /** @returns false when the client is behind with reading: the rest had better wait for `onDrain` */
  write(chunk: string | Uint8Array): boolean;
  /** Calls back once, when the client has read what was written. */
  onDrain(listener: () => void): void;
  end(): void;
  /** Breaks the connection: half an answer must not look whole. */
  abort(): void;
}

export function isStream(body: ApiResponse['body']): body is ResponseStream {
  return typeof body === 'object' && 'start' in body;
}

export function jsonResponse(status: number, body: unknown, contentType = 'application/json'): ApiResponse {
  return {status, headers: {'content-type': contentType}, body: `${JSON.stringify(body)}\n`};
}

export function textResponse(status: number, body: string): ApiResponse {
  return {status, headers: {'content-type': 'text/plain; charset=utf-8'}, body};
}

export interface UserInfo {
  username: string;
  groups: readonly string[];
}
