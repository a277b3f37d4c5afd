import {afterEach, describe, expect, it} from 'vitest';
import {ApiError} from './errors.ts';
import {type Listening, listenOnLoopback, type RequestHandlers, statusResponse} from './listen.ts';
import {type ApiResponse, textResponse} from './messages.ts';

const open: Listening[] = [];
afterEach(() => Promise.all(open.splice(0).map(each => each.close())));

/** A server that answers this, and what it heard of faults. */
async function serving(respond: () => ApiResponse, stream: RequestHandlers['stream'] = () => false) {
  const faults: unknown[] = [];
  const listening = await listenOnLoopback(
    {
      handle: async () => respond(),
      stream,
      upgrade: (_, {socket}) => void socket.destroy(),
      failed(error) {
        faults.push(error);
        return statusResponse(new ApiError(500, 'InternalError', 'Internal error occurred').status);
      },
    },
    {},
  );
  open.push(listening);
  return {url: listening.url, faults};
}

describe('an answer that cannot be written', () => {
  it('becomes a 500, and the server goes on', async () => {
    const {url, faults} = await serving(() => ({...textResponse(200, 'ok'), headers: {warning: 'жук'}}));
    for (let round = 0; round < 2; round += 1) {
      const answer = await fetch(url);
      expect([answer.status, await answer.json()]).toMatchObject([500, {reason: 'InternalError'}]);
    }
    expect(faults).toHaveLength(2);
  });

  it('ends the connection once a part of it was sent', async () => {
    const {url, faults} = await serving(() => ({
      ...textResponse(200, ''),
      body: {
        start(sink) {
          sink.write('half');
          throw new Error('the rest is missing');
        },
      },
    }));
    await expect(fetch(url).then(answer => answer.text())).rejects.toThrow();
    expect(faults).toHaveLength(1);
  });
});
