import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {StaticAnswer} from './charts/repository.ts';

export interface ChartServer {
  port: number;
  /** What `helm repo add` is given. */
  url: string;
  close(): Promise<void>;
}

/** Serves the chart repository by plain HTTP on the loopback, as Helm accepts it without a certificate. */
export async function serveCharts(options: {
  /** 0 takes a free one; one that is taken is replaced by a free one. */
  port: number;
  repository: () => Promise<(path: string) => StaticAnswer | undefined>;
  onRequest?: () => void;
}): Promise<ChartServer> {
  let repository: ReturnType<typeof options.repository> | undefined;
  const server = createServer(async (request, response) => {
    options.onRequest?.();
    request.resume();
    try {
      // Packing takes a moment that only those pay who install from here.
      repository ??= options.repository();
      const answer =
        request.method === 'GET' || request.method === 'HEAD'
          ? (await repository)(request.url ?? '')
          : undefined;
      if (answer)
        response
          .writeHead(answer.status, answer.headers)
          .end(request.method === 'HEAD' ? undefined : answer.body);
      else response.writeHead(404, {'content-type': 'text/plain'}).end('404 page not found\n');
    } catch (error) {
      response.writeHead(500, {'content-type': 'text/plain'}).end(`${error}\n`);
    }
  });
  await listenNear(options.port, port => listen(server, port));
  const {port} = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/charts`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/** Listens on a port, or on any when that one is taken or not allowed. */
export async function listenNear<T>(port: number, open: (port: number) => Promise<T>): Promise<T> {
  if (port === 0) return open(0);
  try {
    return await open(port);
  } catch (error) {
    if (!['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return open(0);
  }
}
