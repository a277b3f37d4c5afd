import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {request} from 'node:https';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {build} from 'esbuild';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import {stillRuns} from '../../../verify/process-identity.ts';
import {answersWithin, requireAnswer} from './answer.ts';
import {type SandboxHandshake, sandboxStatus, startSandboxProcess, stopSandbox} from './control.ts';

let folder: string;
let entry: string;
const pids = new Set<number>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'iw-proc-'));
  entry = join(folder, 'sandbox.mjs');
  await build({
    entryPoints: [new URL('../main.ts', import.meta.url).pathname],
    outfile: entry,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    banner: {js: "import {createRequire as _c} from 'node:module'; const require = _c(import.meta.url);"},
  });
});

afterAll(() => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended, as it should have.
    }
  }
  rmSync(folder, {recursive: true, force: true});
});

function start(directory: string): Promise<SandboxHandshake> {
  return startSandboxProcess({
    directory,
    name: 'test',
    nodePath: process.execPath,
    entry,
    istioVersion: '1.30.3',
    pace: 'fast',
    timeout: 15_000,
    spawn({command, args, logFile}) {
      const output = openSync(logFile, 'a');
      const child = spawn(command, [...args], {stdio: ['ignore', output, output], detached: true});
      const pid = child.pid as number;
      pids.add(pid);
      return {pid, exited: once(child, 'exit').then(([code]) => code as number)};
    },
  });
}

/** One request with the kubeconfig's certificates. */
async function api(directory: string, method: string, path: string, body?: object): Promise<any> {
  const config = parse(readFileSync(join(directory, 'kubeconfig'), 'utf8'));
  const {server, 'certificate-authority-data': ca} = config.clusters[0].cluster;
  const {'client-certificate-data': cert, 'client-key-data': key} = config.users[0].user;
  const [authority, certificate, secret] = [ca, cert, key].map(text => Buffer.from(text, 'base64'));
  const outgoing = request(`${server}${path}`, {
    method,
    ca: authority,
    cert: certificate,
    key: secret,
    agent: false,
  });
  outgoing.end(body ? JSON.stringify(body) : undefined);
  const [response] = await once(outgoing, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return {status: response.statusCode, body: JSON.parse(text)};
}

async function killed(handshake: SandboxHandshake): Promise<void> {
  process.kill(handshake.pid, 'SIGKILL');
  while (stillRuns(handshake.process)) await new Promise(resolve => setImmediate(resolve));
}

describe('the sandbox process', () => {
  it('survives kill -9: the same address, the same objects', async () => {
    const directory = join(folder, 'killed');
    const first = await start(directory);
    expect(await start(directory)).toEqual(first);
    const made: any[] = [];
    for (let round = 0; round < 3; round++) {
      const {status, body} = await api(directory, 'POST', '/api/v1/namespaces/default/configmaps', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {name: `kept-${round}`},
        data: {round: String(round)},
      });
      expect(status).toBe(201);
      made.push(body);
      await killed((await sandboxStatus(directory)) as SandboxHandshake);
      expect(await sandboxStatus(directory)).toBeUndefined();
      expect((await start(directory)).url).toBe(first.url);
      for (const {metadata, data} of made) {
        const found = await api(directory, 'GET', `/api/v1/namespaces/default/configmaps/${metadata.name}`);
        expect(found.body).toMatchObject({metadata, data});
      }
    }
    expect(statSync(join(directory, 'kubeconfig')).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);

    expect(await stopSandbox(directory)).toBe(true);
    expect(await sandboxStatus(directory)).toBeUndefined();
    expect(await stopSandbox(directory)).toBe(false);
  });

  it('is asked, and not only looked for', async () => {
    const handshake = await start(join(folder, 'asked'));
    await requireAnswer(handshake, 10_000);
    process.kill(handshake.pid, 'SIGSTOP');
    try {
      expect(await answersWithin(handshake, 300)).toBe(false);
      await expect(requireAnswer(handshake, 1000)).rejects.toMatchObject({
        code: 'sandbox-not-answering',
        message: 'The sandbox "test" does not answer for 1 s.',
      });
      const stop = new AbortController();
      const waiting = requireAnswer(handshake, 60_000, stop.signal);
      stop.abort(new Error('given up'));
      await expect(waiting).rejects.toThrow('given up');
    } finally {
      process.kill(handshake.pid, 'SIGCONT');
    }
    await requireAnswer(handshake, 10_000);
    await stopSandbox(join(folder, 'asked'));
  });

  it('takes another port when its own is taken, and says so in the kubeconfig', async () => {
    const directory = join(folder, 'moved');
    const first = await start(directory);
    await stopSandbox(directory);
    const squatter = createServer();
    squatter.listen(Number(new URL(first.url).port), '127.0.0.1');
    await once(squatter, 'listening');
    const second = await start(directory);
    squatter.close();
    expect(second.url).not.toBe(first.url);
    expect((await api(directory, 'GET', '/version')).body.gitVersion).toBe(second.kubernetesVersion);
    await stopSandbox(directory);
  });

  it('reports why it did not start', async () => {
    const directory = join(folder, 'newer');
    await start(directory);
    await stopSandbox(directory);
    writeFileSync(join(directory, 'store', 'journal.jsonl'), '{"kind":"sandbox-journal","format":99}\n');
    await expect(start(directory)).rejects.toMatchObject({
      code: 'sandbox-not-started',
      detail: expect.stringMatching(/newer/i),
    });
  });
});
