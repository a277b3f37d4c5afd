import type {ContainerContext, ContainerProgram} from '../kubelet/image.ts';
import {forwardedHeaders, reviewsHeaders} from './forwarded-headers.ts';
import {getOverPodNetwork} from './http-client.ts';
import {pathOf, respond, respondJson, serveHttp} from './http-service.ts';

/** What the image's own environment says; the container's wins over it. */
export const reviewsVersions = {
  v1: {ENABLE_RATINGS: 'false'},
  v2: {ENABLE_RATINGS: 'true'},
  v3: {ENABLE_RATINGS: 'true', STAR_COLOR: 'red'},
} as const;

export type ReviewsVersion = keyof typeof reviewsVersions;

const texts = {
  Reviewer1: 'An extremely entertaining play by Shakespeare. The slapstick humour is refreshing!',
  Reviewer2:
    'Absolutely fun and entertaining. The play lacks thematic depth when compared to other plays by Shakespeare.',
};

type Stars = Partial<Record<keyof typeof texts, number>>;

/** The service `reviews`: v1 has no ratings, v2 shows black stars, v3 red ones. */
export async function startReviews(
  context: ContainerContext,
  version: ReviewsVersion,
): Promise<ContainerProgram> {
  const env: Record<string, string | undefined> = {...reviewsVersions[version], ...context.env};
  const colour = env.STAR_COLOR ?? 'black';
  const rated = env.ENABLE_RATINGS?.toLowerCase() === 'true';
  const host = `${env.RATINGS_HOSTNAME ?? 'ratings'}${env.SERVICES_DOMAIN === undefined ? '' : `.${env.SERVICES_DOMAIN}`}`;
  const port = Number(env.RATINGS_SERVICE_PORT ?? 9080);
  // The two differ on purpose: the fault lab's 7 s delay is survived by one of productpage's timeouts only.
  const timeout = colour === 'black' ? 10_000 : 2500;

  async function starsOf(id: number, headers: Record<string, string>): Promise<Stars> {
    const url = `http://${host}:${port}/ratings`;
    try {
      const answer = await getOverPodNetwork({
        network: context.attachment.network,
        clock: context.clock,
        host,
        port,
        path: `/ratings/${id}`,
        headers: {accept: 'application/json', ...headers},
        timeout,
      });
      if (answer.status === 200) return JSON.parse(answer.body).ratings ?? {};
      context.log(`Error: unable to contact ${url} got status of ${answer.status}`);
    } catch (error) {
      context.log(
        `Error: unable to contact ${url} got exception ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    return {};
  }

  return serveHttp({
    context,
    greeting: 'reviews listens on port 9080',
    port: 9080,
    async handle(request, response) {
      const path = pathOf(request);
      if (path === '/health') {
        respondJson(response, '{"status": "Reviews is healthy"}');
        return;
      }
      const id = /^\/reviews\/([+-]?\d+)\/?$/.exec(path)?.[1];
      if (id === undefined) {
        respond(response, {status: 404, type: 'text/html', body: 'Error 404: SRVE0190E: File not found\n'});
        return;
      }
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        respond(response, {status: 405, type: 'text/plain', body: ''});
        return;
      }
      const stars = rated ? await starsOf(Number(id), forwardedHeaders(request.headers, reviewsHeaders)) : {};
      respondJson(response, reviewsJson({id: Number(id), env, rated, colour, stars}));
    },
  });
}

/** Spaces as the original has them: the service joins text, and clients compare it. */
function reviewsJson(options: {
  id: number;
  env: Record<string, string | undefined>;
  rated: boolean;
  colour: string;
  stars: Stars;
}): string {
  const {id, env, rated, colour, stars} = options;
  const rating = (reviewer: keyof Stars) => {
    if (!rated) return '';
    const count = stars[reviewer];
    return count === undefined
      ? ', "rating": {"error": "Ratings service is currently unavailable"}'
      : `, "rating": {"stars": ${Math.trunc(Number(count))}, "color": "${colour}"}`;
  };
  const reviews = (Object.keys(texts) as (keyof Stars)[]).map(
    reviewer => `{  "reviewer": "${reviewer}",  "text": "${texts[reviewer]}"${rating(reviewer)}}`,
  );
  const head = `"id": "${id}","podname": "${env.HOSTNAME ?? 'null'}","clustername": "${env.CLUSTER_NAME ?? 'null'}"`;
  return `{${head},"reviews": [${reviews.join(',')}]}`;
}
