/** Shares the event loop between answers that take long to write. */
export interface Slices {
  /** Runs work now if this turn of the event loop has time for it, else in one of the next, in the order of asking. */
  run(work: () => void): void;
  /** Whether the work that runs may go on; if not, it asks for another run. */
  readonly left: boolean;
}

export interface SlicesOptions {
  /** Milliseconds of each turn of the event loop. */
  slice: number;
  /** Hears of work that threw; what waits behind it goes on. */
  onFault: (error: unknown) => void;
}

export function createSlices({slice, onFault}: SlicesOptions): Slices {
  let pending: (() => void)[] = [];
  let spent = 0;
  let startedAt: number | undefined;
  let scheduled = false;

  const left = () => spent + (startedAt === undefined ? 0 : performance.now() - startedAt) < slice;

  function perform(work: () => void) {
    // Work within work counts once.
    const isOuter = startedAt === undefined;
    startedAt ??= performance.now();
    try {
      work();
    } catch (error) {
      onFault(error);
    } finally {
      if (isOuter) {
        spent += performance.now() - (startedAt as number);
        startedAt = undefined;
      }
    }
  }

  function nextTurn() {
    scheduled = false;
    spent = 0;
    const due = pending;
    pending = [];
    let done = 0;
    while (done < due.length && left()) perform(due[done++] as () => void);
    pending = [...due.slice(done), ...pending];
    if (pending.length > 0) schedule();
  }

  function schedule() {
    if (scheduled) return;
    scheduled = true;
    setImmediate(nextTurn);
  }

  return {
    run(work) {
      if (pending.length === 0 && left()) perform(work);
      else pending.push(work);
      schedule();
    },
    get left() {
      return left();
    },
  };
}

/** Works through items in slices. Rejects with what the first failure threw; the rest is then left alone. */
export function inSlices<T>(slices: Slices, items: readonly T[], work: (item: T) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let next = 0;
    const goOn = () => {
      try {
        do {
          if (next === items.length) return resolve();
          work(items[next++] as T);
        } while (slices.left);
        slices.run(goOn);
      } catch (error) {
        reject(error);
      }
    };
    slices.run(goOn);
  });
}
