import {request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders} from 'node:http';
import type {Duplex} from 'node:stream';
import type {Clock} from '../clock.ts';
import type {PodNetwork} from '../mesh/network.ts';

export interface PodRequest {
  network: PodNetwork;
  clock: Clock;
  host: string;
  port: number;
  path: string;
  headers: OutgoingHttpHeaders;
  /** Milliseconds without anything happening: to connect, and again between pieces of the answer. */
  timeout: number;
}

export interface PodAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/**
 * Sends one GET over a connection of its own, as Bookinfo's clients do (none of them pools).
 *
 * @throws what dialling throws, ECONNRESET when the answer breaks off, and ETIMEDOUT after `timeout`.
 */
export async function getOverPodNetwork(options: PodRequest): Promise<PodAnswer> {
  const {network, clock, host, port, timeout} = options;
  let late = false;
  let fail: (error: Error) => void;
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const expire = () => {
    late = true;
    fail(
      Object.assign(new Error(`no answer from ${host}:${port} within ${timeout} ms`), {code: 'ETIMEDOUT'}),
    );
  };
  let timer = clock.after(timeout, expire);
  const onProgress = () => {
    timer.cancel();
    timer = clock.after(timeout, expire);
  };
  const dialling = network.dial(host, port).then(connection => {
    if (late) connection.destroy();
    return connection;
  });
  let connection: Duplex | undefined;
  try {
    connection = await Promise.race([dialling, failed]);
    onProgress();
    return await Promise.race([answerOver(connection, options, onProgress), failed]);
  } finally {
    timer.cancel();
    connection?.destroy();
  }
}

function answerOver(connection: Duplex, options: PodRequest, onProgress: () => void): Promise<PodAnswer> {
  const {host, port, path, headers} = options;
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      path,
      headers: {host: port === 80 ? host : `${host}:${port}`, ...headers},
      createConnection: () => connection,
    });
    request.on('error', reject);
    request.on('response', response => {
      const chunks: Buffer[] = [];
      onProgress();
      response.on('data', (chunk: Buffer) => {
        onProgress();
        chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        resolve({status: response.statusCode ?? 0, headers: response.headers, body});
      });
    });
    request.end();
  });
}
