import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {testIo} from '../testing/test-io.ts';

const main = path.resolve(import.meta.dirname, '..', '..', '.build', 'main.mjs');
const outside = testIo();

function start(...args: string[]) {
  return spawn(process.execPath, [main, ...args], {
    cwd: outside.folder,
    env: outside.io.env as Record<string, string>,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

afterAll(() => outside.remove());

describe('a run that is killed while nobody takes its events', () => {
  it('leaves them to the next one, which sends them first', async () => {
    let isThere = false;
    let hanging = 0;
    const taken: any[] = [];
    const server = createServer(async (request, response) => {
      // The page itself, which never comes for the run that is killed.
      if (request.method === 'GET') return isThere ? void response.end('a page') : undefined;
      let text = '';
      for await (const chunk of request) text += chunk;
      if (isThere) {
        taken.push(JSON.parse(text));
        response.writeHead(204).end();
      } else hanging += 1;
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    writeFileSync(path.join(outside.folder, 'gate.yaml'), 'expect:\n- {page: /, status: 200}\n');
    const args = ['probe', 'gate.yaml', '--url', url, '--events', `${url}events`, '--json'];
    const killed = start(...args);
    await expect.poll(() => hanging).toBeGreaterThan(0);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    server.closeAllConnections();
    isThere = true;
    const gate = start(...args);
    await once(gate, 'exit');
    const runs = [...new Set(taken.flatMap(({data}) => data?.run ?? []))];
    expect(runs).toHaveLength(2);
    expect(taken.filter(({data}) => data?.run === runs[0]).map(({type}) => type)[0]).toBe(
      'istio-workshop.run.started',
    );
    expect(taken.at(-1)).toMatchObject({type: 'istio-workshop.run.finished', data: {run: runs[1]}});
    server.closeAllConnections();
    server.close();
  });
});
