import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Clock} from '../clock.ts';
import {InMemoryPods} from './in-memory-pods.ts';

/** A clock whose timers run when a test lets time pass; `armed` resolves once a timer of that length is set. */
class ManualClock implements Clock {
  #time = 0;
  #timers: {at: number; run: () => void}[] = [];
  #watchers: {milliseconds: number; resolve: () => void}[] = [];

  now = () => this.#time;

  after(milliseconds: number, run: () => void) {
    const timer = {at: this.#time + milliseconds, run};
    this.#timers.push(timer);
    for (const watcher of this.#watchers.filter(candidate => candidate.milliseconds === milliseconds)) {
      this.#watchers.splice(this.#watchers.indexOf(watcher), 1);
      watcher.resolve();
    }
    const cancel = () => {
      this.#timers = this.#timers.filter(other => other !== timer);
    };
    return {cancel};
  }

  /** The next timer of this length. */
  armed(milliseconds: number): Promise<void> {
    return new Promise(resolve => this.#watchers.push({milliseconds, resolve}));
  }

  pass(milliseconds: number) {
    this.#time += milliseconds;
    const due = this.#timers.filter(({at}) => at <= this.#time);
    this.#timers = this.#timers.filter(({at}) => at > this.#time);
    for (const {run} of due) run();
  }
}

describe('the timeouts of Bookinfo', () => {
  let clock: ManualClock;
  let pods: InMemoryPods;

  beforeEach(async () => {
    clock = new ManualClock();
    pods = new InMemoryPods({clock, random: () => 0});
    await pods.start({image: 'x/examples-bookinfo-details-v1', name: 'details-a', host: 'details'});
    await pods.start({image: 'x/examples-bookinfo-ratings-v-delayed', name: 'ratings-a', host: 'ratings'});
  });
  afterEach(() => pods.close());

  it.each([
    ['v2', 10_000],
    ['v3', 2500],
  ])('reviews %s waits %d ms for ratings', async (version, timeout) => {
    await pods.start({image: `x/examples-bookinfo-reviews-${version}`, name: 'reviews-a'});
    const address = await pods.expose('reviews-a');
    const delayed = clock.armed(7000);
    const response = fetch(`${address}/reviews/0`).then(answer => answer.text());
    await delayed;
    clock.pass(Math.min(timeout, 7000));
    const answer = await response;
    if (timeout > 7000) expect(answer).toContain('"rating": {"stars": 5, "color": "black"}');
    else expect(answer).toContain('"rating": {"error": "Ratings service is currently unavailable"}');
  });

  it('productpage gives up on reviews after twice 3 s, though reviews v2 would wait for 10', async () => {
    await pods.start({image: 'x/examples-bookinfo-reviews-v2', name: 'reviews-a', host: 'reviews'});
    await pods.start({image: 'x/examples-bookinfo-productpage-v1', name: 'productpage-a'});
    const address = await pods.expose('productpage-a');
    let delayed = clock.armed(7000);
    const page = fetch(`${address}/productpage`).then(answer => answer.text());
    await delayed;
    delayed = clock.armed(7000);
    clock.pass(3000);
    await delayed;
    clock.pass(3000);
    expect(await page).toContain('Error fetching product reviews');
    expect(clock.now()).toBe(6000);
  });
});
