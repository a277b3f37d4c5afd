import type {Clock} from '../clock.ts';

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves time on, running every timer that falls due in order, including those set meanwhile. */
  advance(milliseconds: number): void;
  /** How many timers wait. */
  readonly pending: number;
}

export function manualClock(start = Date.UTC(2026, 0, 1)): ManualClock {
  let now = start;
  let sequence = 0;
  const timers = new Map<number, {at: number; run: () => void}>();
  const nextDue = (limit: number) => {
    let found: [number, {at: number; run: () => void}] | undefined;
    for (const entry of timers) {
      if (entry[1].at <= limit && (!found || entry[1].at < found[1].at)) found = entry;
    }
    return found;
  };
  return {
    now: () => now,
    after(milliseconds, run) {
      const id = sequence++;
      timers.set(id, {at: now + Math.max(0, milliseconds), run});
      return {cancel: () => timers.delete(id)};
    },
    advance(milliseconds) {
      const limit = now + milliseconds;
      for (let due = nextDue(limit); due; due = nextDue(limit)) {
        timers.delete(due[0]);
        now = Math.max(now, due[1].at);
        due[1].run();
      }
      now = limit;
    },
    get pending() {
      return timers.size;
    },
  };
}

/** Turns of the event loop that what a step sets off may take; work in slices takes more of them on a busy machine. */
const turnsOfStep = 10;

/** Moves time on in steps; what one sets off comes to its end before the next, as far as it waits for no time. */
export async function pass(clock: ManualClock, milliseconds: number, step = 100): Promise<void> {
  for (let left = milliseconds; left > 0; left -= step) {
    await settle();
    clock.advance(Math.min(step, left));
  }
  await settle();
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < turnsOfStep; turn += 1) await new Promise(resolve => setImmediate(resolve));
}
