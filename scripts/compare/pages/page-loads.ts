import {Agent, request} from 'node:http';
import {text} from 'node:stream/consumers';

/** What came of one load of the product page. */
export interface Loaded {
  /** 0: no answer at all. */
  status: number;
  milliseconds: number;
  reviews?: 'none' | 'black' | 'red' | 'ratings-missing' | 'reviews-missing';
  /** Of the pod that the reviews came from. */
  version?: string;
  details?: 'shown' | 'missing';
}

/** Reads the page without a browser: what its text says, and the class that its style sheet colours the stars by. */
function readPage(html: string): Omit<Loaded, 'status' | 'milliseconds'> {
  const [, version] = /<span class="pod">reviews-(v\d)-/.exec(html) ?? [];
  const [, colour] = /text-(black|red)-500" role="img"/.exec(html) ?? [];
  const reviews = html.includes('Error fetching product reviews')
    ? 'reviews-missing'
    : html.includes('Ratings service is currently unavailable')
      ? 'ratings-missing'
      : colour === 'black' || colour === 'red'
        ? colour
        : 'none';
  return {
    reviews,
    ...(version === undefined ? {} : {version}),
    details: html.includes('Error fetching product details') ? 'missing' : 'shown',
  };
}

interface Answered {
  status: number;
  body: string;
  cookie?: string;
}

function ask(port: number, path: string, options: {cookie?: string; form?: string} = {}): Promise<Answered> {
  const {cookie, form} = options;
  return new Promise(resolve => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path,
        // Each load is a connection of its own, as a port-forward gives each to another pod.
        agent: new Agent({keepAlive: false}),
        method: form === undefined ? 'GET' : 'POST',
        headers: {
          ...(cookie ? {cookie} : {}),
          ...(form === undefined ? {} : {'content-type': 'application/x-www-form-urlencoded'}),
        },
      },
      response => {
        const [set] = response.headers['set-cookie'] ?? [];
        text(response).then(
          body =>
            resolve({
              status: response.statusCode ?? 0,
              body,
              ...(set ? {cookie: set.split(';')[0] ?? ''} : {}),
            }),
          () => resolve({status: 0, body: ''}),
        );
      },
    );
    sent.on('error', () => resolve({status: 0, body: ''}));
    sent.end(form);
  });
}

/** Signs in at the page itself. @returns the cookie of the session */
export async function signIn(port: number, name: string): Promise<string> {
  const {cookie} = await ask(port, '/login', {form: `username=${name}&passwd=x`});
  if (cookie === undefined) throw new Error(`nobody could sign in as ${name}`);
  return cookie;
}

export async function loadPage(port: number, cookie: string | undefined): Promise<Loaded> {
  const startedAt = performance.now();
  const {status, body} = await ask(port, '/productpage', cookie === undefined ? {} : {cookie});
  const milliseconds = performance.now() - startedAt;
  return {status, milliseconds, ...(status === 200 ? readPage(body) : {})};
}
