import type {IncomingMessage, ServerResponse} from 'node:http';
import type {ContainerContext, ContainerProgram} from '../kubelet/image.ts';
import {type BackendResult, Backends, succeeded} from './backends.ts';
import {forwardedHeaders, productPageHeaders} from './forwarded-headers.ts';
import {bodyOf, pathOf, respond, serveHttp} from './http-service.ts';
import {indexHtml} from './index-html.ts';
import {product, productPageHtml} from './product-page-html.ts';
import {RequestMetrics} from './request-metrics.ts';
import {sealSession, sessionUser} from './session-cookie.ts';
import {spacedJson} from './spaced-json.ts';
import {stylesheet, stylesheetTag} from './stylesheet.ts';

const html = 'text/html; charset=utf-8';

/** The service `productpage`: the page that visitors see, and an API over its backends. */
export async function startProductPage(context: ContainerContext): Promise<ContainerProgram> {
  const metrics = new RequestMetrics();
  const backends = new Backends({context, count: (backend, status) => metrics.count(backend, status)});

  function headersFor(request: IncomingMessage): Record<string, string> {
    const user = sessionUser(request.headers.cookie);
    const headers = forwardedHeaders(request.headers, productPageHeaders);
    return user === undefined ? headers : {'end-user': user, ...headers};
  }

  function answerJson<T>(response: ServerResponse, result: BackendResult<T>) {
    const body = spacedJson(succeeded(result) ? result.value : {error: result.error});
    respond(response, {status: result.status, type: 'application/json', body});
  }

  async function showProduct(request: IncomingMessage, response: ServerResponse) {
    const headers = headersFor(request);
    const details = await backends.details('0', headers);
    await backends.flood('0', headers);
    const reviews = await backends.reviews('0', headers);
    const user = sessionUser(request.headers.cookie);
    respond(response, {type: html, body: productPageHtml({details, reviews, user})});
  }

  async function signIn(request: IncomingMessage, response: ServerResponse) {
    const user = new URLSearchParams(await bodyOf(request)).get('username') ?? '';
    const cookie = `session=${sealSession(user, context.clock.now())}; HttpOnly; Path=/`;
    redirectBack(request, response, {'set-cookie': cookie});
  }

  function signOut(request: IncomingMessage, response: ServerResponse) {
    redirectBack(request, response, {
      'set-cookie': 'session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Path=/',
    });
  }

  async function api(request: IncomingMessage, response: ServerResponse, path: string) {
    const [, id = '', part] = /^\/api\/v1\/products\/([^/]+)(?:\/(reviews|ratings))?$/.exec(path) ?? [];
    if (id === '') return notFound(response);
    const headers = headersFor(request);
    if (part === 'reviews') answerJson(response, await backends.reviews(id, headers));
    else if (part === 'ratings') answerJson(response, await backends.ratings(id, headers));
    else answerJson(response, await backends.details(id, headers));
  }

  return serveHttp({
    context,
    greeting: 'productpage listens on port 9080',
    port: 9080,
    async handle(request, response) {
      const path = pathOf(request);
      const wanted = path === '/login' ? ['POST'] : ['GET', 'HEAD'];
      if (!wanted.includes(request.method ?? '')) {
        const body = '<!doctype html>\n<title>405 Method Not Allowed</title>\n<h1>Method Not Allowed</h1>\n';
        respond(response, {status: 405, type: html, body, headers: {allow: wanted.join(', ')}});
        return;
      }
      switch (path) {
        case '/':
        case '/index.html':
          respond(response, {type: html, body: indexHtml()});
          return;
        case '/productpage':
          return showProduct(request, response);
        case '/login':
          return signIn(request, response);
        case '/logout':
          return signOut(request, response);
        case '/health':
          respond(response, {type: html, body: 'Product page is healthy'});
          return;
        case '/api/v1/products':
          respond(response, {type: 'application/json', body: spacedJson([product])});
          return;
        case '/metrics':
          respond(response, {type: 'text/plain; version=0.0.4; charset=utf-8', body: metrics.text()});
          return;
        case '/static/bookinfo.css':
          return sendStylesheet(request, response);
        default:
          return path.startsWith('/api/v1/products/') ? api(request, response, path) : notFound(response);
      }
    },
  });
}

/** Back to where the visitor came from; without a Referer, to the text `None`, as the original sends it. */
function redirectBack(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Record<string, string>,
): void {
  const location = request.headers.referer ?? 'None';
  respond(response, {
    status: 302,
    type: html,
    body: 'Redirecting...\n',
    headers: {...headers, location, vary: 'Cookie'},
  });
}

/** Asked for again on every load, so that a route that loses /static shows at once. */
function sendStylesheet(request: IncomingMessage, response: ServerResponse): void {
  const headers = {'cache-control': 'no-cache', etag: stylesheetTag};
  if (request.headers['if-none-match'] === stylesheetTag) {
    response.writeHead(304, headers).end();
    return;
  }
  respond(response, {type: 'text/css; charset=utf-8', body: stylesheet, headers});
}

function notFound(response: ServerResponse): void {
  const body = '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n';
  respond(response, {status: 404, type: html, body});
}
