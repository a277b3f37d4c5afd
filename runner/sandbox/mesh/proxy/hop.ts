import {Agent, type ClientRequest, type IncomingMessage, request} from 'node:http';
import type {Duplex} from 'node:stream';

/** Where one try goes. Hops of the same key share connections. */
export interface Hop {
  key: string;
  connect(): Promise<Duplex>;
}

export type HeaderMap = Record<string, string | string[]>;

export interface HopRequest {
  hop: Hop;
  method: string;
  path: string;
  headers: HeaderMap;
}

interface HopOptions {
  hop: Hop;
}

/** Keeps connections to upstreams open between requests, as Envoy's pools do. */
class HopAgent extends Agent {
  constructor() {
    super({keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 64});
  }

  override getName(options?: unknown): string {
    return (options as HopOptions).hop.key;
  }

  override createConnection(
    options: unknown,
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    (options as HopOptions).hop.connect().then(
      stream => done?.(null, stream),
      (error: Error) => (done as ((error: Error) => void) | undefined)?.(error),
    );
    return undefined;
  }
}

export interface HopPool {
  open(options: HopRequest, onResponse: (response: IncomingMessage) => void): ClientRequest;
  close(): void;
}

export function createHopPool(): HopPool {
  const agent = new HopAgent();
  return {
    open({hop, method, path, headers}, onResponse) {
      const options = {agent, hop, method, path, headers, setHost: false, joinDuplicateHeaders: false};
      const outgoing = request(options, onResponse);
      // Envoy sends no Connection header upstream.
      outgoing.removeHeader('connection');
      return outgoing;
    },
    close: () => agent.destroy(),
  };
}
