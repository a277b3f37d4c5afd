/** Lets work wait until the write that caused it is over, without holding up the server's sockets for long. */
export interface Turns {
  take(work: () => void): void;
  /** Resolves when nothing is left to do now; work that waits for time does not count. */
  idle(): Promise<void>;
}

/** How long, in milliseconds, work may go on before sockets get their turn again. */
const slice = 5;

/**
 * First in, first out, in slices between the turns of the event loop. Long work is many pieces, each of which takes
 * the next turn.
 * @param onFault hears of work that threw; what waits behind it goes on
 */
export function createTurns(onFault: (error: unknown) => void): Turns {
  let pending: (() => void)[] = [];
  let scheduled = false;
  let waiters: (() => void)[] = [];

  function drain() {
    const start = performance.now();
    let done = 0;
    while (done < pending.length && performance.now() - start < slice) run(pending[done++] as () => void);
    pending = pending.slice(done);
    scheduled = pending.length > 0;
    if (scheduled) {
      setImmediate(drain);
      return;
    }
    const resolved = waiters;
    waiters = [];
    for (const resolve of resolved) resolve();
  }

  function run(work: () => void) {
    try {
      work();
    } catch (error) {
      onFault(error);
    }
  }

  return {
    take(work) {
      pending.push(work);
      if (scheduled) return;
      scheduled = true;
      setImmediate(drain);
    },
    idle: () => (scheduled ? new Promise(resolve => waiters.push(resolve)) : Promise.resolve()),
  };
}
