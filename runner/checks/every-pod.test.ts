import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {describe, expect, it, onTestFinished} from 'vitest';
import {lookEverywhere, type SeenPage} from './page.ts';
import {sharing} from './page-entry.ts';
import {askInTurn, type RequestCondition} from './request.ts';

describe('a page with several pods', () => {
  it.each([1, 3, 16, 40])('of which there are %i has an address for each, or a share of them', count => {
    const pods = Array.from({length: count}, (_, index) => index);
    const addresses = Array.from({length: Math.min(16, count)}, (_, index) => sharing(pods, index));
    expect(addresses.flat().sort((a, b) => a - b)).toEqual(pods);
    expect(addresses.every(({length}) => length >= 1 && length <= Math.ceil(count / 16))).toBe(true);
  });

  it('is as the worst of them', async () => {
    const seen: Record<string, SeenPage> = {
      a: {kind: 'right', hasAnswer: true, text: 'status 200'},
      b: {kind: 'wrong', hasAnswer: true, text: 'status 500'},
      c: {kind: 'right', hasAnswer: true, text: 'status 200'},
    };
    const look = async (origin: string): Promise<SeenPage> => seen[origin] as SeenPage;
    expect((await lookEverywhere(['a', 'b', 'c'], look)).text).toBe('status 500');
    expect((await lookEverywhere(['a', 'c'], look)).kind).toBe('right');
  });

  it('gets its requests one after the other', async () => {
    const asked: string[] = [];
    const origins = await Promise.all(
      ['first', 'second'].map(async name => {
        const server = createServer((_, response) => {
          asked.push(name);
          response.end();
        });
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        onTestFinished(() => {
          server.closeAllConnections();
          server.close();
        });
        return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      }),
    );
    const condition = {url: '/', headers: {}} as RequestCondition;
    const ask = await askInTurn(condition, {origins: async () => origins}, new AbortController().signal);
    for (let request = 0; request < 4; request++) await ask();
    expect(asked).toEqual(['first', 'second', 'first', 'second']);
  });
});
