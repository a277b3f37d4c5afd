import {describe, expect, it} from 'vitest';
import type {Detection} from '../../engines/port.ts';
import {exitCodes, WorkshopError} from '../../errors.ts';
import type {EngineChoice} from '../../session/events.ts';
import {detectEngines} from './detect-engines.ts';

const engines = ['sandbox', 'kind', 'context'] as const;
const good: Detection = {usable: true, needs: 'nothing', requirements: []};

describe('detectEngines', () => {
  it('tells of each engine as soon as it is found, and of those that hang or fail why', async () => {
    const told: (readonly EngineChoice[])[] = [];
    let hung: AbortSignal | undefined;
    await detectEngines({
      engines,
      limit: 20,
      signal: new AbortController().signal,
      onFound: choices => told.push(choices),
      async detect(engine, signal) {
        if (engine === 'sandbox') return good;
        if (engine === 'kind') {
          hung = signal;
          return new Promise<never>(() => {});
        }
        throw new WorkshopError({
          code: 'no-context',
          message: 'There is no context.',
          remedies: ['Name one.'],
          exitCode: exitCodes.usage,
        });
      },
    });
    expect(told).toHaveLength(3);
    expect(told[0]).toEqual([{engine: 'sandbox', detection: good}, {engine: 'kind'}, {engine: 'context'}]);
    const [, kind, context] = told.at(-1) ?? [];
    expect(kind?.detection).toMatchObject({
      usable: false,
      requirements: [{found: false, detail: 'no answer within 0.02 s'}],
    });
    expect(hung?.aborted).toBe(true);
    expect(context?.detection?.requirements).toEqual([
      {name: 'context', found: false, detail: 'There is no context.', remedy: 'Name one.'},
    ]);
  });

  it('tells nothing once an engine is chosen', async () => {
    const chosen = new AbortController();
    const told: unknown[] = [];
    await detectEngines({
      engines,
      limit: 1000,
      signal: chosen.signal,
      onFound: choices => told.push(choices),
      async detect() {
        chosen.abort();
        return good;
      },
    });
    expect(told).toEqual([]);
  });
});
