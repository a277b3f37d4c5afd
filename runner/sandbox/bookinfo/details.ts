import type {ContainerContext, ContainerProgram} from '../kubelet/image.ts';
import {bookFromCatalogue} from './external-books.ts';
import {pathOf, respond, respondJson, serveHttp} from './http-service.ts';

/** The service `details`: facts about a book, the same for every number. */
export async function startDetails(context: ContainerContext): Promise<ContainerProgram> {
  return serveHttp({
    context,
    greeting: 'details listens on port 9080',
    port: 9080,
    async handle(request, response) {
      const path = pathOf(request);
      context.log(`${request.method} ${request.url} HTTP/${request.httpVersion}`);
      if (path === '/health' || path.startsWith('/health/')) {
        respondJson(response, {status: 'Details is healthy'});
        return;
      }
      if (path !== '/details' && !path.startsWith('/details/')) {
        respond(response, {status: 404, type: 'text/html', body: '<h1>Not Found</h1>\n'});
        return;
      }
      const id = path.split('/').filter(Boolean).at(-1) ?? '';
      if (!/^[+-]?\d+$/.test(id)) {
        respondJson(response, {error: 'please provide numeric product id'}, 400);
        return;
      }
      if (context.env.ENABLE_EXTERNAL_BOOK_SERVICE === 'true') {
        try {
          respondJson(
            response,
            await bookFromCatalogue({context, id: Number(id), incoming: request.headers}),
          );
        } catch (error) {
          respondJson(response, {error: error instanceof Error ? error.message : String(error)}, 400);
        }
        return;
      }
      respondJson(response, {
        id: Number(id),
        author: 'William Shakespeare',
        year: 1595,
        type: 'paperback',
        pages: 200,
        publisher: 'PublisherA',
        language: 'English',
        'ISBN-10': '1234567890',
        'ISBN-13': '123-1234567890',
      });
    },
  });
}
