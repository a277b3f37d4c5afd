import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {InMemoryPods} from './in-memory-pods.ts';

const registry = 'registry.istio.io/release/examples-bookinfo-';

describe('Bookinfo', () => {
  let pods: InMemoryPods;
  let page: string;

  beforeEach(async () => {
    pods = new InMemoryPods();
    await pods.start({image: `${registry}details-v1:1.20.3`, name: 'details-v1-a', host: 'details'});
    await pods.start({image: `${registry}ratings-v1:1.20.3`, name: 'ratings-v1-a', host: 'ratings'});
    for (const version of ['v1', 'v2', 'v3']) {
      await pods.start({
        image: `docker.io/istio/examples-bookinfo-reviews-${version}:1.20.2`,
        name: `reviews-${version}-a`,
      });
    }
    pods.route('reviews', 'reviews-v1-a');
    await pods.start({image: `${registry}productpage-v1:1.20.3`, name: 'productpage-v1-a'});
    page = await pods.expose('productpage-v1-a');
  });

  afterEach(() => pods.close());

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(page + path, {headers, redirect: 'manual'});
    return {status: response.status, text: await response.text(), headers: response.headers};
  };
  const starsOn = (html: string) => html.match(/id="glyphicon glyphicon-star"/g)?.length ?? 0;

  it('shows no stars with v1, nine black ones with v2 and nine red ones with v3', async () => {
    expect(starsOn((await get('/productpage')).text)).toBe(0);
    pods.route('reviews', 'reviews-v2-a');
    const black = (await get('/productpage')).text;
    expect(starsOn(black)).toBe(9);
    expect(black).toContain('text-black-500');
    expect(black).not.toContain('text-red-500');
    pods.route('reviews', 'reviews-v3-a');
    const red = (await get('/productpage')).text;
    expect(starsOn(red)).toBe(9);
    expect(red).toContain('flex gap-x-1 text-red-500');
    expect(red).toMatch(/Reviews served by:\s*<span[^>]*>reviews-v3-a</);
  });

  it('answers its API in the format of the original', async () => {
    pods.route('reviews', 'reviews-v2-a');
    expect((await get('/api/v1/products/0')).text).toBe(
      '{"id": 0, "author": "William Shakespeare", "year": 1595, "type": "paperback", "pages": 200, "publisher": "PublisherA", "language": "English", "ISBN-10": "1234567890", "ISBN-13": "123-1234567890"}',
    );
    expect((await get('/api/v1/products/0/ratings')).text).toBe(
      '{"id": 0, "ratings": {"Reviewer1": 5, "Reviewer2": 4}}',
    );
    expect(JSON.parse((await get('/api/v1/products/0/reviews')).text)).toMatchObject({
      id: '0',
      podname: 'reviews-v2-a',
      clustername: 'null',
      reviews: [{rating: {stars: 5, color: 'black'}}, {rating: {stars: 4, color: 'black'}}],
    });
    expect((await get('/health')).text).toBe('Product page is healthy');
  });

  it('says what is missing, with status 200, when backends are gone', async () => {
    pods.route('details', 'nobody');
    pods.route('reviews', 'nobody');
    const {status, text} = await get('/productpage');
    expect(status).toBe(200);
    expect(text).toContain('Error fetching product details');
    expect(text).toContain('Error fetching product reviews');
    expect(text).toContain('Sorry, product reviews are currently unavailable for this book.');
    expect((await get('/api/v1/products/0')).status).toBe(500);
    expect((await get('/metrics')).text).toContain(
      'request_result_total{destination_app="reviews",response_code="500"} 1.0',
    );
  });

  it('tells missing ratings from missing reviews', async () => {
    pods.route('reviews', 'reviews-v2-a');
    pods.route('ratings', 'nobody');
    const {text} = await get('/productpage');
    expect(text).toContain('<p class="text-red-500">Ratings service is currently unavailable</p>');
    expect(text).toContain('Reviews served by:');
    expect(starsOn(text)).toBe(0);
  });

  it('signs in by a session cookie and tells the backends who it is', async () => {
    const response = await fetch(`${page}/login`, {
      method: 'POST',
      body: new URLSearchParams({username: 'jason', passwd: 'x'}),
      headers: {referer: `${page}/productpage`},
      redirect: 'manual',
    });
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe(`${page}/productpage`);
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^session=[\w.-]+; HttpOnly; Path=\/$/);
    const session = cookie.split(';')[0] ?? '';
    const signedIn = (await get('/productpage', {cookie: session})).text;
    expect(signedIn).toContain('>jason</p>');
    expect(signedIn).toContain('href="logout"');
    expect((await get('/productpage', {cookie: `${session}x`})).text).toContain('id="sign-in-button"');
  });
});
