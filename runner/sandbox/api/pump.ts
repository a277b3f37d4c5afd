import type {ResponseSink} from './messages.ts';
import type {Slices} from './slices.ts';

/** Moves an answer to its client. */
export interface Pump {
  /** Says that there is more. */
  wake(): void;
  stop(): void;
}

/**
 * Writes what `next` has, piece by piece: as fast as the client reads and no faster, and in slices, so that neither
 * one long answer nor a thousand clients hold up the rest. What a client does not read stays where it comes from.
 */
export function startPump(options: {
  sink: ResponseSink;
  slices: Slices;
  next: () => {piece: string | Uint8Array} | 'nothing yet' | 'over';
}): Pump {
  const {sink, slices, next} = options;
  let isWaiting = false;
  let isAsked = false;
  let isOver = false;

  function wake() {
    if (isWaiting || isAsked || isOver) return;
    isAsked = true;
    slices.run(() => {
      isAsked = false;
      try {
        write();
      } catch (error) {
        isOver = true;
        sink.abort();
        throw error;
      }
    });
  }

  function write() {
    while (!isOver) {
      const found = next();
      if (found === 'nothing yet') return;
      if (found === 'over') {
        isOver = true;
        sink.end();
        return;
      }
      if (!sink.write(found.piece)) {
        isWaiting = true;
        sink.onDrain(() => {
          isWaiting = false;
          wake();
        });
        return;
      }
      if (!slices.left) {
        wake();
        return;
      }
    }
  }

  return {
    wake,
    stop() {
      isOver = true;
    },
  };
}
