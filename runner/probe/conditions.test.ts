import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Condition} from '../catalog/lab.ts';
import type {ConditionResult} from '../checks/result.ts';
import {createProbeConditions} from './conditions.ts';
import {parseExpectations} from './expectations.ts';

const server = createServer(({url}, response) => {
  asked += 1;
  response.statusCode = url === '/half' && asked % 2 === 0 ? 404 : url === '/none' ? 404 : 200;
  response.end('Book Reviews');
});
let asked = 0;
let address = '';
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function look(expectation: string, at = address): Promise<ConditionResult> {
  const {conditions} = parseExpectations(`expect:\n- ${expectation}\n`, 'gate.yaml');
  const looks = createProbeConditions({
    url: `${at}/productpage`,
    loads: 1,
    bounds: {propagation: 1, startUp: 1},
    browsers: {lend: () => Promise.reject(new Error('no browser')), warmUp() {}, close: async () => {}},
  });
  const {signal} = new AbortController();
  try {
    return await looks.check(conditions[0] as Condition, {signal, onProgress() {}});
  } finally {
    await looks.close();
  }
}

describe('what a probe says of answers', () => {
  it.each([
    ['{page: /productpage, status: 200, text: Book Reviews}', 'passed'],
    ['{page: /productpage, status: 200, absentText: Book Reviews}', 'failed'],
    ['{page: /none, status: 200}', 'failed'],
    ['{request: /, codes: 200, times: 4}', 'passed'],
    ['{request: /none, codes: 200, times: 4}', 'failed'],
    ['{request: /half, codes: 200, times: 20, rate: 90%}', 'failed'],
    ['{request: /half, codes: 200, times: 20, rate: 40%}', 'passed'],
  ])('%s: %s', async (expectation, verdict) => {
    expect((await look(expectation)).verdict).toBe(verdict);
  });

  it.each(['{page: /productpage, status: 200}', '{request: /, codes: 200}'])(
    '%s is not known where nobody answers',
    async expectation => {
      // Taken and let go, so that nobody listens there.
      const free = createServer().listen(0, '127.0.0.1');
      await once(free, 'listening');
      const {port} = free.address() as AddressInfo;
      free.close();
      await once(free, 'close');
      expect(await look(expectation, `http://127.0.0.1:${port}`)).toMatchObject({
        verdict: 'unknown',
        remedies: [expect.stringContaining('curl -v')],
      });
    },
  );
});
