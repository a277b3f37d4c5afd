import {readFileSync} from 'node:fs';
import {Agent, type RequestOptions, request} from 'node:https';
import {parse} from 'yaml';

export interface RawAnswer {
  status: number;
  type: string;
  text: string;
  milliseconds: number;
}

/** Sends what no client would send, over connections that stay open. */
export interface RawClient {
  send(method: string, path: string, options?: RawRequest): Promise<RawAnswer>;
  /** The first line of a watch, or nothing when it ends before one comes. */
  firstEvent(path: string): Promise<string | undefined>;
  close(): void;
}

export interface RawRequest {
  body?: string;
  headers?: Readonly<Record<string, string>>;
}

const patience = 30_000;

/** Where a kubeconfig leads, and the certificates for it. */
export function connectionOf(kubeconfigPath: string) {
  const {clusters, users} = parse(readFileSync(kubeconfigPath, 'utf8'));
  const decoded = (text: string) => Buffer.from(text, 'base64');
  const {hostname, port} = new URL(clusters[0].cluster.server);
  return {
    hostname,
    port,
    ca: decoded(clusters[0].cluster['certificate-authority-data']),
    cert: decoded(users[0].user['client-certificate-data']),
    key: decoded(users[0].user['client-key-data']),
  };
}

/** A client with the certificates of a sandbox's kubeconfig. */
export function rawClient(kubeconfigPath: string): RawClient {
  const {hostname, port, ...certificates} = connectionOf(kubeconfigPath);
  const agent = new Agent({keepAlive: true, ...certificates});
  const optionsFor = (method: string, path: string, headers = {}): RequestOptions => {
    return {agent, hostname, port, method, path, headers, timeout: patience};
  };

  function send(method: string, path: string, {body, headers = {}}: RawRequest = {}): Promise<RawAnswer> {
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const outgoing = request(optionsFor(method, path, headers), incoming => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', chunk => {
          text += chunk;
        });
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            type: String(incoming.headers['content-type']),
            text,
            milliseconds: performance.now() - startedAt,
          }),
        );
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${patience / 1000} s`)));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  function firstEvent(path: string): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const outgoing = request(optionsFor('GET', path), incoming => {
        let text = '';
        incoming.setEncoding('utf8');
        const done = () => {
          resolve(text === '' ? undefined : text.split('\n')[0]);
          incoming.destroy();
        };
        incoming.on('data', chunk => {
          text += chunk;
          if (text.includes('\n')) done();
        });
        incoming.on('error', () => {});
        incoming.on('end', done);
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error('a watch that neither tells nor ends')));
      outgoing.on('error', reject);
      outgoing.end();
    });
  }

  return {send, firstEvent, close: () => agent.destroy()};
}
