import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, it} from 'vitest';
import {WorkshopError} from '../errors.ts';
import {isAway} from './context/refusals.ts';
// Loaded before the clock of the first test runs.
import './kube/client-node.ts';
import {openKubeText} from './kube/kube.ts';
import {waitFor} from './wait-for.ts';

function kubeconfig(port: number): string {
  // The client takes plain HTTP only where it is told that TLS does not matter.
  const server = {server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true};
  const cluster = {name: 'c', cluster: server};
  return JSON.stringify({
    clusters: [cluster],
    users: [{name: 'u', user: {}}],
    contexts: [{name: 'x', context: {cluster: 'c', user: 'u'}}],
    'current-context': 'x',
  });
}

const listening = (port: number, status: number) => {
  const server = createServer((_, response) => {
    response.writeHead(status, {'content-type': 'application/json'});
    response.end(JSON.stringify({gitVersion: 'v1.33.1', message: 'no'}));
  });
  return new Promise<typeof server>(resolve => server.listen(port, '127.0.0.1', () => resolve(server)));
};

async function freePort(): Promise<number> {
  const server = await listening(0, 200);
  const {port} = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** Asks an API that begins to answer, with `status`, in the third second; never where that is undefined. */
async function ask(status: number | undefined, stopAt = Number.POSITIVE_INFINITY) {
  const port = await freePort();
  const said: string[] = [];
  const stop = new AbortController();
  let clock = 0;
  let server: Awaited<ReturnType<typeof listening>> | undefined;
  try {
    const version = await waitFor(async () => (await openKubeText(kubeconfig(port))).version(), {
      what: 'The cluster',
      bound: 20_000,
      ensure: {signal: stop.signal, onProgress: ({text}) => void said.push(text)},
      isAway,
      now: () => clock,
      async pause(milliseconds) {
        clock += milliseconds;
        if (clock === stopAt) stop.abort();
        if (clock === 3000 && status !== undefined) server = await listening(port, status);
      },
    });
    return {version, said, clock};
  } catch (error) {
    return {code: error instanceof WorkshopError ? error.code : 'refused', said, clock};
  } finally {
    server?.closeAllConnections();
    server?.close();
  }
}

it('goes on by itself when the API is back, and has said what it waits for and for how long', async () => {
  const line = 'The cluster does not answer; waiting for it: 0 s so far, at most 20 s';
  expect(await ask(200)).toEqual({version: 'v1.33.1', said: [line], clock: 3000});
});

it('gives up after the bound with what was wrong', async () => {
  const {code, clock, said} = await ask(undefined);
  expect({code, clock, lines: said.length}).toEqual({code: 'cluster-unreachable', clock: 20_000, lines: 2});
});

it.each([401, 403])('does not wait for a cluster that refuses with %i', async status => {
  expect(await ask(status)).toMatchObject({
    code: status === 401 ? 'credentials-refused' : 'refused',
    clock: 3000,
  });
});

it('ends on an interrupt', async () => {
  expect(await ask(undefined, 2000)).toMatchObject({code: 'interrupted', clock: 2000});
});

it('does not wait for a certificate that is not trusted', () => {
  const cause = Object.assign(new Error('self-signed certificate'), {code: 'DEPTH_ZERO_SELF_SIGNED_CERT'});
  const error = new WorkshopError({code: 'cluster-unreachable', message: 'm', remedies: [], cause});
  expect(isAway(error)).toBe(false);
});
