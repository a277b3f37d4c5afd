import {once} from 'node:events';
import {type IncomingMessage, request} from 'node:http';
import {text} from 'node:stream/consumers';

/** The text of a page of one of the programs' own ports. @throws when it can't be had. */
export async function fetchText(port: number, path: string, body?: unknown): Promise<string> {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const asked = request({
    host: '127.0.0.1',
    port,
    path,
    agent: false,
    ...(sent === undefined
      ? {}
      : {
          method: 'POST',
          headers: {'content-type': 'application/json', 'content-length': Buffer.byteLength(sent)},
        }),
  });
  asked.end(sent);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return text(response);
}
