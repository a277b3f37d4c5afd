import {describe, expect, it} from 'vitest';
import {createRevival} from './revival.ts';

function cluster() {
  const log: string[] = [];
  const state = {runs: false, now: 0};
  const revival = createRevival({
    engine: {
      running: async () => {
        log.push('asked');
        return state.runs;
      },
      ensure: async ({onProgress}) => {
        onProgress({text: 'it comes'});
        state.runs = true;
        log.push('started');
      },
    },
    emit: event => void log.push(event.type),
    now: () => state.now,
  });
  const ensure = async (doubted = false): Promise<readonly string[]> => {
    log.length = 0;
    const stopped = await revival.ensure(new AbortController().signal, {doubted});
    return [...log, ...(stopped ? ['had stopped'] : [])];
  };
  return {state, revival, ensure};
}

const revived = ['asked', 'note', 'cluster-progress', 'started', 'had stopped'];

describe('a cluster', () => {
  it('that was never seen is not started', async () => {
    const {ensure} = cluster();
    expect(await ensure()).toEqual(['asked']);
    expect(await ensure(true)).toEqual(['asked']);
  });

  it('that stopped is started, once somebody has reason to ask', async () => {
    const {state, ensure} = cluster();
    state.runs = true;
    expect(await ensure()).toEqual(['asked']);
    state.runs = false;
    expect(await ensure()).toEqual([]);
    state.now += 16_000;
    expect(await ensure()).toEqual(revived);
  });

  it('is asked at once after a failure, and left alone where it answers', async () => {
    const {state, ensure} = cluster();
    state.runs = true;
    await ensure();
    expect(await ensure(true)).toEqual(['asked']);
    state.runs = false;
    expect(await ensure(true)).toEqual(revived);
  });

  it('that was taken away on purpose stays away', async () => {
    const {state, revival, ensure} = cluster();
    state.runs = true;
    await ensure();
    state.runs = false;
    await revival.reconsider();
    expect(await ensure(true)).toEqual(['asked']);
  });

  it('that a reset left alone is started as before', async () => {
    const {state, revival, ensure} = cluster();
    state.runs = true;
    await ensure();
    await revival.reconsider();
    state.runs = false;
    expect(await ensure(true)).toEqual(revived);
  });
});
