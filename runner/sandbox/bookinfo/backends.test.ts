import {once} from 'node:events';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {bookinfoImages} from './images.ts';
import {InMemoryPods} from './in-memory-pods.ts';

describe('the services behind productpage', () => {
  let pods: InMemoryPods;
  beforeEach(() => {
    pods = new InMemoryPods({random: () => 0.2});
  });
  afterEach(() => pods.close());

  const start = async (image: string, env: Record<string, string> = {}) => {
    await pods.start({image: `x/examples-bookinfo-${image}`, name: `${image}-a`, env});
    return pods.expose(`${image}-a`);
  };
  const answer = async (url: string, init?: RequestInit) => {
    const response = await fetch(url, init);
    return [response.status, await response.text()];
  };

  it('reviews answers byte for byte', async () => {
    const reviews = await start('reviews-v1');
    expect(await answer(`${reviews}/reviews/0`)).toEqual([
      200,
      '{"id": "0","podname": "reviews-v1-a","clustername": "null","reviews": [{  "reviewer": "Reviewer1",  "text": "An extremely entertaining play by Shakespeare. The slapstick humour is refreshing!"},{  "reviewer": "Reviewer2",  "text": "Absolutely fun and entertaining. The play lacks thematic depth when compared to other plays by Shakespeare."}]}',
    ]);
    expect(await answer(`${reviews}/health`)).toEqual([200, '{"status": "Reviews is healthy"}']);
    expect((await answer(`${reviews}/reviews/x`))[0]).toBe(404);
  });

  it('details takes numbers only', async () => {
    const details = await start('details-v1');
    expect((await answer(`${details}/details/7`))[1]).toMatch(
      /^\{"id":7,"author":"William Shakespeare","year":1595,/,
    );
    expect(await answer(`${details}/details/x`)).toEqual([
      400,
      '{"error":"please provide numeric product id"}',
    ]);
  });

  it('details answers at once and closes after the body, of which nothing is wanted', async () => {
    await start('details-v1');
    const connection = pods.dial('details-v1-a', 9080);
    connection.write(
      'GET /details/0 HTTP/1.1\r\nHost: details\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n',
    );
    let received = '';
    connection.on('data', chunk => {
      received += chunk;
    });
    let ended = false;
    connection.once('end', () => {
      ended = true;
    });
    await expect.poll(() => received).toContain('William Shakespeare');
    for (let part = 0; part < 4; part += 1) {
      expect(ended).toBe(false);
      await new Promise<unknown>(resolve => connection.write('b'.repeat(50_000), resolve));
    }
    await expect.poll(() => ended).toBe(true);
  });

  it('ratings keeps what is posted', async () => {
    const ratings = await start('ratings-v1');
    expect(await answer(`${ratings}/ratings/0`)).toEqual([
      200,
      '{"id":0,"ratings":{"Reviewer1":5,"Reviewer2":4}}',
    ]);
    const post = (body: string) => answer(`${ratings}/ratings/0`, {method: 'POST', body});
    expect(await post('{"Reviewer1":1}')).toEqual([200, '{"id":0,"ratings":{"Reviewer1":1}}']);
    expect(await post('nothing')).toEqual([400, '{"error":"please provide valid ratings JSON"}']);
    expect(await answer(`${ratings}/ratings/x`)).toEqual([
      400,
      '{"error":"please provide numeric product ID"}',
    ]);
    expect(pods.logs.get('ratings-v1-a')).toContain('GET /ratings/0');
  });

  it('ratings v-faulty fails half of the time', async () => {
    const ratings = await start('ratings-v-faulty');
    expect(await answer(`${ratings}/ratings/0`)).toEqual([503, '{"error":"Service unavailable"}']);
  });

  it('details v2 reaches no host outside', async () => {
    const details = await start('details-v2', {DO_NOT_ENCRYPT: 'true'});
    const [status, body] = await answer(`${details}/details/0`);
    expect(status).toBe(400);
    expect(body).toContain('Failed to open TCP connection to www.googleapis.com:80');
  });

  it('takes end-user from the session only, and passes on what tracing needs', async () => {
    const page = await start('productpage-v1');
    const seen = new Promise<string>(resolve => {
      pods.listen('spy', 9080, async connection => {
        const [head] = await once(connection, 'data');
        resolve(String(head).toLowerCase());
        connection.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
      });
    });
    pods.route('details', 'spy');
    const headers = {
      'end-user': 'mallory',
      'x-request-id': 'r1',
      traceparent: 't1',
      'x-b3-traceid': 'b1',
      'x-other': 'o1',
    };
    await answer(`${page}/api/v1/products/0`, {headers});
    const head = await seen;
    expect(head).toContain('get /details/0 http/1.1');
    expect(head).toContain('x-request-id: r1');
    expect(head).toContain('x-b3-traceid: b1');
    expect(head).not.toContain('mallory');
    expect(head).not.toContain('x-other');
  });
});

describe('images and commands', () => {
  it('are known from any registry, at any tag or digest', () => {
    const known = (reference: string) => bookinfoImages().find(image => image.matches(reference))?.name;
    expect(known('registry.istio.io/release/examples-bookinfo-reviews-v3:1.20.3')).toBe(
      'examples-bookinfo-reviews-v3',
    );
    expect(known('localhost:5000/examples-bookinfo-ratings-v1@sha256:00')).toBe(
      'examples-bookinfo-ratings-v1',
    );
    expect(known('docker.io/istio/examples-bookinfo-reviews-v4:1.20.3')).toBeUndefined();
    expect(known('curlimages/curl:8.10.1')).toBe('curlimages/curl');
  });

  it('wait or end as they are told, and start nothing of this machine', async () => {
    const pods = new InMemoryPods();
    const run = async (args: string[], command?: string[]) =>
      pods.start({
        image: 'curlimages/curl:8.10.1',
        name: 'curl',
        container: {args, ...(command && {command})},
      });
    expect(await (await run(['infinity'], ['/bin/sleep'])).stop()).toBeUndefined();
    expect(await (await run(['sleep', '0'])).exited).toEqual({exitCode: 0});
    expect(await (await run(['echo hello; exit 3'], ['sh', '-c'])).exited).toEqual({exitCode: 3});
    expect(pods.logs.get('curl')).toEqual(['hello']);
    expect(await (await run(['-s', 'http://nobody:9080/'])).exited).toEqual({exitCode: 7});
    expect(await (await run([], ['systemctl'])).exited).toEqual({
      exitCode: 128,
      message: 'exec: "systemctl": executable file not found in $PATH: unknown',
    });
    await pods.close();
  });
});
