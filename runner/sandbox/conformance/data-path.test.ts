import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openStage, type Stage} from './data-path/stage.ts';
import {traffic} from './data-path/traffic.ts';

/** `npm run soak` asks for more inputs and other seeds. */
const wanted = Number(process.env['ISTIO_WORKSHOP_TRAFFIC_ROUNDS'] ?? 200);
const seed = Number(process.env['ISTIO_WORKSHOP_SEED'] ?? 1);
const drainEvery = 50;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 120_000);

afterAll(() => stage?.close());

describe(`${wanted} inputs to proxies and port-forwards (seed ${seed})`, () => {
  it('never stop the sandbox, nor what they passed through, and leave no connection', {
    timeout: 120_000 + wanted * 1000,
  }, async () => {
    let count = 0;
    const property = fc.asyncProperty(traffic, async input => {
      count += 1;
      const problem = await stage.play(input);
      const left = problem === undefined && count % drainEvery === 0 ? await stage.drained() : undefined;
      if (problem ?? left) throw new Error(problem ?? left);
    });
    const result = await fc.check(property, {
      numRuns: wanted,
      seed,
      interruptAfterTimeLimit: 60_000 + wanted * 1000,
    });
    console.log(JSON.stringify({seed, inputs: count, ...stage.figures}));
    expect(
      result.failed ? `${fc.stringify(shown(result.counterexample))}\n${result.errorInstance}` : '',
    ).toBe('');
    expect(count).toBeGreaterThanOrEqual(wanted);
    expect(await stage.drained()).toBeUndefined();
    expect(stage.figures.answers).toMatchObject({200: expect.any(Number), 400: expect.any(Number)});
  });
});

/** Bytes as text, to be read. */
function shown(counterexample: unknown): unknown {
  return JSON.parse(
    JSON.stringify(counterexample, (_key, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1').slice(0, 2000) : value,
    ),
  );
}
