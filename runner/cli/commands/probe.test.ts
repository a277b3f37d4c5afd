import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';

const main = path.resolve(import.meta.dirname, '..', '..', '..', '.build', 'main.mjs');
let folder: string;
let server: Server;
let origin: string;
let asked = 0;

/** A page that answers, and every third request for the products that does not. */
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'probe-'));
  server = createServer((request, response) => {
    if (request.url === '/api/v1/products') {
      asked += 1;
      response.writeHead(asked % 3 === 0 ? 500 : 200).end('[]');
    } else response.writeHead(200, {'content-type': 'text/html'}).end('<p>Sign in</p>');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, {recursive: true, force: true});
});

function probe(
  text: string,
  ...args: string[]
): Promise<{code: number | null; stdout: string; stderr: string}> {
  const file = path.join(folder, 'gate.yaml');
  writeFileSync(file, text);
  const child = spawn(process.execPath, [main, 'probe', file, ...args], {
    cwd: folder,
    env: {PATH: process.env['PATH'] ?? '', HOME: folder, ISTIO_WORKSHOP_STATE: path.join(folder, 'state')},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = {stdout: '', stderr: ''};
  child.stdout.on('data', chunk => {
    ended.stdout += chunk;
  });
  child.stderr.on('data', chunk => {
    ended.stderr += chunk;
  });
  return new Promise(resolve => child.on('close', code => resolve({...ended, code})));
}

const page = (text: string): string => `settle: 0s\nstartUp: 0s\nexpect:\n- {page: /, text: ${text}}`;

describe('a probe', () => {
  it('passes where all is as expected, and says so in the last line', async () => {
    const {code, stdout, stderr} = await probe(page('Sign in'), '--url', origin);
    expect(stdout.trimEnd().split('\n').at(-1), stderr).toBe('1 passed, 0 failed');
    expect(code).toBe(0);
  });

  it('fails where one condition does not hold, and looks at all of them', async () => {
    const text = `${page('Sign out')}\n- {page: /, status: 200}\n- {request: /api/v1/products, times: 9, rate: 90%}`;
    const {code, stdout} = await probe(text, '--url', origin, '--json');
    const events = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(events.map(({type}) => type)).toEqual([
      'session-started',
      'lab-started',
      'step-started',
      'check-started',
      'condition-finished',
      'condition-finished',
      'condition-finished',
      'check-finished',
      'session-finished',
    ]);
    const results = events.filter(({type}) => type === 'condition-finished').map(({result}) => result);
    expect(results.map(({verdict}) => verdict)).toEqual(['failed', 'passed', 'failed']);
    expect(results[2].seen).toMatch(/^200: 6, 500: 3|^500: 3, 200: 6/);
    expect(code).toBe(1);
  });

  it('could not check where nobody answers', async () => {
    const {code, stdout} = await probe(page('Sign in'), '--url', 'http://127.0.0.1:9');
    expect(stdout).toContain('curl -v http://127.0.0.1:9/');
    expect(stdout.trimEnd().split('\n').slice(-2)).toEqual([
      '1 condition could not be checked',
      '0 passed, 0 failed',
    ]);
    expect(code).toBe(3);
  });

  it('refuses a file that can not be read, before it looks at anything', async () => {
    const {code, stdout, stderr} = await probe('expect:\n- {page: /, statsu: 200}', '--url', origin);
    expect(stderr).toContain('gate.yaml:2: unknown field "statsu"');
    expect(stderr).toContain('write "status"');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
