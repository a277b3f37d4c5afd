import type {ServerResponse} from 'node:http';
import type {ContainerContext, ContainerProgram} from '../kubelet/image.ts';
import {bodyOf, pathOf, respond, respondJson, serveHttp} from './http-service.ts';

const minute = 60_000;

/** The variants of the image that misbehave on purpose; `v1` does not. */
export type RatingsVariant = 'v1' | 'v-faulty' | 'v-delayed' | 'v-unavailable' | 'v-unhealthy';

/** How often the variants that fail for a while change their mind; the others never do. */
const periods: Partial<Record<RatingsVariant, number>> = {
  'v-unavailable': minute,
  'v-unhealthy': 15 * minute,
};

/** The service `ratings`: stars by reviewer, kept in memory. SERVICE_VERSION wins over the image's own variant. */
export async function startRatings(
  context: ContainerContext,
  imageVariant: RatingsVariant,
): Promise<ContainerProgram> {
  const {clock, random, env} = context;
  const variant = env.SERVICE_VERSION ?? imageVariant;
  const period = periods[variant as RatingsVariant];
  const stored = new Map<number, unknown>();
  const startedAt = clock.now();
  // Up for one period, down for the next, counted from the start.
  const isDown = () => period !== undefined && Math.floor((clock.now() - startedAt) / period) % 2 === 1;

  const answer = (response: ServerResponse, id: number) =>
    respondJson(response, {id, ratings: stored.get(id) ?? {Reviewer1: 5, Reviewer2: 4}});
  const unavailable = (response: ServerResponse) =>
    respondJson(response, {error: 'Service unavailable'}, 503);

  return serveHttp({
    context,
    greeting: 'Server listening on: http://0.0.0.0:9080',
    port: 9080,
    async handle(request, response) {
      const path = pathOf(request);
      context.log(`${request.method} ${request.url}`);
      if (path === '/health' && request.method === 'GET') {
        if (variant === 'v-unhealthy' && isDown())
          respondJson(response, {status: 'Ratings is not healthy'}, 500);
        else respondJson(response, {status: 'Ratings is healthy'});
        return;
      }
      if (!path.startsWith('/ratings/') || (request.method !== 'GET' && request.method !== 'POST')) {
        respond(response, {status: 404, type: 'text/plain', body: ''});
        return;
      }
      const id = Number.parseInt(path.split('/').at(-1) ?? '', 10);
      if (Number.isNaN(id)) {
        respondJson(response, {error: 'please provide numeric product ID'}, 400);
        return;
      }
      if (request.method === 'POST') {
        try {
          stored.set(id, JSON.parse(await bodyOf(request)));
        } catch {
          respondJson(response, {error: 'please provide valid ratings JSON'}, 400);
          return;
        }
        answer(response, id);
        return;
      }
      if (variant === 'v-faulty' && random() < 0.5) unavailable(response);
      else if (isDown()) unavailable(response);
      else if (variant === 'v-delayed' && random() < 0.5) clock.after(7000, () => answer(response, id));
      else answer(response, id);
    },
  });
}
