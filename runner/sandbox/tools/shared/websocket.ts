import {WebSocket} from 'ws';
import {ConnectionError, type RestClient, type RestRequest, StatusError, statusOf, textOf} from './rest.ts';

/**
 * Opens a WebSocket of the API (exec, attach, port-forward) once the server has agreed.
 * @throws StatusError when it refuses, ConnectionError when it can't be reached.
 */
export function openWebSocket(
  client: RestClient,
  request: Pick<RestRequest, 'path'> & {parameters: URLSearchParams},
  protocols: readonly string[],
): Promise<WebSocket> {
  const url = `${client.address(request.path).replace(/^http/, 'ws')}?${request.parameters}`;
  const socket = new WebSocket(url, [...protocols], {
    ...client.tls(),
    headers: client.identity(),
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_request, response) => {
      textOf(response).then(
        body => reject(new StatusError(statusOf(body, response.statusCode ?? 500))),
        reject,
      );
    });
    socket.on('error', error => reject(new ConnectionError(client.host, error)));
    socket.on('open', () => resolve(socket));
  });
}
