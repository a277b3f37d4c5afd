import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {KubeConfig} from '@kubernetes/client-node';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {leaseName, type RunLeaseOptions, takeRunLease} from './run-lease.ts';

/** The Leases of an API server, with the conflicts that it answers. */
let server: Server;
let config: KubeConfig;
let lease: any;
let version = 0;
let now = 1_700_000_000_000;

beforeEach(async () => {
  lease = undefined;
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = text === '' ? undefined : JSON.parse(text);
    const answer = (code: number, value: object): void =>
      void response.writeHead(code).end(JSON.stringify(value));
    const keep = (): void => {
      version += 1;
      lease = {...body, metadata: {...body.metadata, uid: 'u', resourceVersion: String(version)}};
      answer(200, lease);
    };
    if (request.method === 'POST') return lease ? answer(409, {message: 'exists'}) : keep();
    if (!lease) return answer(404, {message: 'not found'});
    if (request.method === 'GET') return answer(200, lease);
    if (request.method === 'DELETE') {
      lease = undefined;
      return answer(200, {});
    }
    return body.metadata.resourceVersion === lease.metadata.resourceVersion
      ? keep()
      : answer(409, {message: 'conflict'});
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  config = new KubeConfig();
  config.loadFromClusterAndUser(
    {name: 'c', server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, skipTLSVerify: true},
    {name: 'u'},
  );
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const take = (pid: number, more: Partial<RunLeaseOptions> & {host?: string} = {}) =>
  takeRunLease({
    config,
    holder: {name: `run ${pid}`, host: more.host ?? 'here', pid, since: '2026-11-30T10:00:00Z'},
    runs: () => undefined,
    now: () => now,
    pause: async milliseconds => {
      now += milliseconds;
    },
    onLost: () => {},
    ...more,
  });

describe('a cluster that a run has', () => {
  it('is refused to a second one, of any machine, which is told whose it is', async () => {
    const first = await take(1);
    await expect(take(2, {host: 'elsewhere'})).rejects.toMatchObject({
      code: 'cluster-in-use',
      exitCode: 3,
      message: 'Another run has this cluster: run 1, since 2026-11-30T10:00:00Z.',
    });
    await first.release();
    expect(lease).toBeUndefined();
    await (await take(2)).release();
  });

  it('is free at once when its process on this machine has ended', async () => {
    await take(1);
    const second = await take(2, {runs: ({pid}) => pid !== 1});
    expect(lease.spec.holderIdentity).toBe('here/2');
    await second.release();
  });

  it('is not free while its process on this machine lives, though it hangs', async () => {
    await take(1);
    now += 60_000;
    await expect(take(2, {runs: () => true})).rejects.toMatchObject({code: 'cluster-in-use'});
  });

  it('is free after a while when its process elsewhere says nothing any more', async () => {
    await take(1, {host: 'elsewhere'});
    now += 16_000;
    const before = now;
    const second = await take(2);
    expect(lease.spec.holderIdentity).toBe('here/2');
    // Long enough to have heard of one that lives.
    expect(now - before).toBeGreaterThan(5000);
    await second.release();
  });

  it('is not free while the first renews it, whatever its clock says', async () => {
    await take(1, {host: 'elsewhere'});
    now += 60_000;
    const renewing = async (milliseconds: number): Promise<void> => {
      now += milliseconds;
      version += 1;
      lease.metadata.resourceVersion = String(version);
    };
    await expect(take(2, {pause: renewing})).rejects.toMatchObject({code: 'cluster-in-use'});
  });

  it('goes to one of two that take it at the same time', async () => {
    const both = await Promise.allSettled([take(1), take(2)]);
    expect(both.map(({status}) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(leaseName).toBe(lease.metadata.name);
  });
});
