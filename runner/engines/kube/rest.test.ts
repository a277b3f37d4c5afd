import {once} from 'node:events';
import {createServer, type RequestListener, type Server} from 'node:http';
import {type AddressInfo, connect} from 'node:net';
import {KubeConfig} from '@kubernetes/client-node';
import {afterEach, describe, expect, it} from 'vitest';
import {createRest} from './rest.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function serve(listener: RequestListener, host = '127.0.0.1'): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A kubeconfig whose credentials come one after the other, as from a plugin; the last one stays. */
function configFor(server: string, tokens: readonly string[], cluster: object = {}): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{name: 'c', server, skipTLSVerify: true, ...cluster}],
    users: [{name: 'u'}],
    contexts: [{name: 'x', cluster: 'c', user: 'u'}],
    currentContext: 'x',
  });
  const rest = [...tokens];
  const apply = config.applyToHTTPSOptions.bind(config);
  config.applyToHTTPSOptions = async options => {
    const token = rest.length > 1 ? rest.shift() : rest[0];
    if (token === undefined) throw new Error('gke-gcloud-auth-plugin not found');
    await apply(options);
    options.headers = {authorization: `Bearer ${token}`};
  };
  return config;
}

/** Lets one token in, and says who came. */
const onlyToken =
  (token: string): RequestListener =>
  (request, response) => {
    const known = request.headers.authorization === `Bearer ${token}`;
    response.writeHead(known ? 200 : 401, {'content-type': 'application/json'});
    response.end(JSON.stringify(known ? {token} : {kind: 'Status', message: 'Unauthorized'}));
  };

describe('credentials', () => {
  it('are asked for again when the cluster takes the old ones no longer', async () => {
    const port = await serve(onlyToken('second'));
    const rest = createRest(configFor(`http://127.0.0.1:${port}`, ['first', 'second']));
    expect(await rest.json('/version')).toEqual({token: 'second'});
  });

  it('that stay refused are told as such', async () => {
    const port = await serve(onlyToken('another'));
    const rest = createRest(configFor(`http://127.0.0.1:${port}`, ['first', 'second']));
    await expect(rest.json('/version')).rejects.toMatchObject({
      code: 'credentials-refused',
      detail: 'Unauthorized',
    });
  });

  it('that a plugin does not give are not taken for a cluster that does not answer', async () => {
    const rest = createRest(configFor('http://127.0.0.1:9', []));
    await expect(rest.json('/version')).rejects.toMatchObject({
      code: 'no-credentials',
      detail: 'gke-gcloud-auth-plugin not found',
    });
  });
});

describe('a cluster', () => {
  it('is reached at an address of IPv6', async () => {
    const port = await serve(onlyToken('t'), '::1');
    expect(await createRest(configFor(`http://[::1]:${port}`, ['t'])).json('/version')).toEqual({token: 't'});
  });

  it("is reached by the kubeconfig's proxy alone", async () => {
    const port = await serve(onlyToken('t'));
    const asked: (string | undefined)[] = [];
    const proxy = await serve((_, response) => response.writeHead(405).end());
    servers.at(-1)?.on('connect', (request, socket) => {
      asked.push(request.url);
      const onward = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      onward.pipe(socket).pipe(onward);
    });
    const config = configFor('http://cluster.invalid:80', ['t'], {proxyUrl: `http://127.0.0.1:${proxy}`});
    expect(await createRest(config).json('/version')).toEqual({token: 't'});
    expect(asked).toEqual(['cluster.invalid:80']);
  });

  it('that hangs keeps nobody who no longer wants its answer', async () => {
    const asked = new Promise<void>(resolve => void serve(() => resolve()).then(port => begin(port)));
    let answer: Promise<unknown> = Promise.resolve();
    const wanted = new AbortController();
    const begin = (port: number): void => {
      answer = createRest(configFor(`http://127.0.0.1:${port}`, ['t']))
        .during(wanted.signal)
        .json('/version');
      answer.catch(() => {});
    };
    await asked;
    wanted.abort();
    await expect(answer).rejects.toMatchObject({code: 'cluster-unreachable'});
  });

  it('that refuses a watch is heard, and its answer is no line of the watch', async () => {
    const port = await serve((_, response) => {
      response.writeHead(403, {'content-type': 'application/json'});
      response.end(`${JSON.stringify({kind: 'Status', message: 'pods is forbidden'})}\n`);
    });
    const lines: string[] = [];
    const rest = createRest(configFor(`http://127.0.0.1:${port}`, ['t']));
    const watch = rest.lines('/api/v1/pods?watch=true', new AbortController().signal, line =>
      lines.push(line),
    );
    await expect(watch).rejects.toMatchObject({name: 'KubeError', code: 403, message: 'pods is forbidden'});
    expect(lines).toEqual([]);
  });
});
