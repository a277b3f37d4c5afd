import {admin} from '../api/authentication.ts';
import type {ApiRequest, ApiResponse} from '../api/messages.ts';
import {isStream} from '../api/messages.ts';
import {type ApiServer, createApiServer} from '../api/server.ts';
import {seededRandom} from '../clock.ts';
import {Store} from '../store/store.ts';
import {type ManualClock, manualClock} from './manual-clock.ts';

export interface Answer {
  status: number;
  headers: ApiResponse['headers'];
  body: any;
}

export interface ApiHarness {
  server: ApiServer;
  store: Store;
  clock: ManualClock;
  /** Sends one request as the admin; objects become JSON. */
  send(method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Opens a watch. @returns its events so far, growing, and what ends it. */
  watch(
    url: string,
    headers?: Record<string, string>,
  ): Promise<{events: any[]; ended: boolean; stop(): void}>;
}

/** An API server over a store in memory, with a clock that stands still. */
export function apiHarness(store = new Store()): ApiHarness {
  const clock = manualClock();
  const tokens = new Map([['secret', admin]]);
  const server = createApiServer({
    store,
    clock,
    random: seededRandom(7),
    nodeName: 'node',
    tokens,
    // What is written is there at once, however slow the machine.
    slice: Infinity,
  });
  const call = (request: ApiRequest) => server.handle(request);

  return {
    server,
    store,
    clock,
    async send(method, url, body, headers = {}) {
      const bytes =
        body instanceof Uint8Array
          ? body
          : body === undefined
            ? undefined
            : Buffer.from(JSON.stringify(body));
      const response = await call({
        method,
        url,
        headers: {authorization: 'Bearer secret', 'user-agent': 'test/1', ...headers},
        ...(bytes ? {body: bytes} : {}),
      });
      const text = await textOf(response.body);
      const isJson = String(response.headers['content-type']).startsWith('application/json');
      return {status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text};
    },
    async watch(url, headers = {}) {
      const response = await call({
        method: 'GET',
        url,
        headers: {authorization: 'Bearer secret', ...headers},
      });
      if (!isStream(response.body)) throw new Error(`no stream: ${response.body}`);
      const watch = {events: [] as any[], ended: false, stop: () => {}};
      watch.stop = response.body.start({
        write(chunk) {
          watch.events.push(JSON.parse(Buffer.from(chunk as string).toString('utf8')));
          return true;
        },
        onDrain() {},
        abort() {},
        end: () => {
          watch.ended = true;
        },
      });
      return watch;
    },
  };
}

/** The whole body; a stream is read to its end. */
function textOf(body: ApiResponse['body']): Promise<string> {
  if (!isStream(body)) return Promise.resolve(Buffer.from(body as string).toString('utf8'));
  return new Promise(resolve => {
    let text = '';
    body.start({
      write(chunk) {
        text += Buffer.from(chunk as string).toString('utf8');
        return true;
      },
      onDrain() {},
      abort() {},
      end: () => resolve(text),
    });
  });
}
