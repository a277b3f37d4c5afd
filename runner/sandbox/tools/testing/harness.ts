import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import {createApiServer} from '../../api/server.ts';
import {packCharts} from '../../charts/pack.ts';
import {chartRepository} from '../../charts/repository.ts';
import {seededRandom, systemClock} from '../../clock.ts';
import {startControllers} from '../../controllers/start.ts';
import {Store} from '../../store/store.ts';
import {runHelm} from '../helm/cli.ts';
import {runKubectl} from '../kubectl/cli.ts';
import type {ToolIo} from '../shared/io.ts';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

export interface ToolHarness {
  folder: string;
  charts: string;
  /** Runs a command line split at spaces; `'a b'` stays one word. */
  kubectl(line: string, stdin?: string): Promise<Ran>;
  helm(line: string): Promise<Ran>;
  /** Writes a file into the folder that commands run in. */
  write(name: string, text: string): void;
  close(): Promise<void>;
}

function words(line: string): string[] {
  return (line.match(/'[^']*'|\S+/g) ?? []).map(word => word.replace(/^'(.*)'$/s, '$1'));
}

/** Both tools in this process, against an API server with its controllers and a chart repository on the loopback. */
export async function startToolHarness(): Promise<ToolHarness> {
  const folder = mkdtempSync(join(tmpdir(), 'tools-'));
  const random = seededRandom(1);
  const user = {
    username: 'kubernetes-admin',
    groups: ['kubeadm:cluster-admins', 'system:authenticated', 'system:masters'],
  };
  const tokens = new Map([['secret', user]]);
  const api = createApiServer({store: new Store(), clock: systemClock, random, nodeName: 'node', tokens});
  const controllers = startControllers({client: api.client, clock: systemClock, random});
  const {url} = await api.listen({});
  const repository = chartRepository({charts: await packCharts({istioVersion: '1.30.3'})});
  const server = createServer((request, response) => {
    const answer = repository(request.url ?? '');
    response.writeHead(answer?.status ?? 404, answer?.headers);
    response.end(answer?.body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  writeFileSync(
    join(folder, 'kubeconfig'),
    JSON.stringify({
      clusters: [{name: 'c', cluster: {server: url}}],
      users: [{name: 'u', user: {token: 'secret'}}],
      contexts: [{name: 'x', context: {cluster: 'c', user: 'u'}}],
      'current-context': 'x',
    }),
  );
  const run = async (tool: (io: ToolIo) => Promise<number>, line: string, stdin = ''): Promise<Ran> => {
    const ran: Ran = {code: 0, out: '', err: ''};
    ran.code = await tool({
      args: words(line),
      env: {HOME: folder, KUBECONFIG: join(folder, 'kubeconfig')},
      cwd: folder,
      stdin: Readable.from([stdin]),
      out: text => {
        ran.out += text;
      },
      err: text => {
        ran.err += text;
      },
      terminal: undefined,
      signal: new AbortController().signal,
      now: () => Date.now(),
      edit: async () => 0,
    });
    return ran;
  };
  return {
    folder,
    charts: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    kubectl: (line, stdin) => run(runKubectl, line, stdin),
    helm: line => run(io => runHelm(io, 'linux'), line),
    write: (name, text) => writeFileSync(join(folder, name), text),
    async close() {
      server.close();
      await controllers.close();
      await api.close();
      rmSync(folder, {recursive: true, force: true});
    },
  };
}
