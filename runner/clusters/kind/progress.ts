import type {ClusterProgress} from '../port.ts';

/** Calls back again and again. @returns a function that ends it. */
export type Every = (milliseconds: number, callback: () => void) => () => void;

export const everyInterval: Every = (milliseconds, callback) => {
  const timer = setInterval(callback, milliseconds);
  return () => clearInterval(timer);
};

/** What each of kind's steps usually takes, in seconds, on a laptop with a fair connection. */
const typical: readonly {step: RegExp; seconds: number}[] = [
  {step: /node image/i, seconds: 60},
  {step: /preparing nodes/i, seconds: 15},
  {step: /starting control-plane/i, seconds: 25},
  {step: /waiting/i, seconds: 40},
];

const silence = 10_000;

/**
 * Turns what kind prints into progress, and says what it is at whenever it has been silent: for how long, and
 * what that step usually takes.
 */
export function kindProgress(options: {
  onProgress(progress: ClusterProgress): void;
  /** Milliseconds, from any origin. */
  now(): number;
  every: Every;
}): {output(text: string): void; stop(): void} {
  const {onProgress, now} = options;
  let rest = '';
  let step = 'starting kind';
  let since = now();
  const stop = options.every(silence, () => {
    const usual = typical.find(candidate => candidate.step.test(step))?.seconds;
    const seconds = Math.round((now() - since) / 1000);
    if (seconds * 1000 < silence) return;
    onProgress({text: `${step}: ${seconds} s so far${usual ? `, usually about ${usual} s` : ''}`});
  });
  return {
    output(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const plain = plainLine(line);
        if (!plain) continue;
        onProgress({text: plain});
        if (!/^[•✓✗]/.test(plain)) continue;
        step = plain.replace(/^[•✓✗]\s*/, '').replace(/\s*\.\.\.$/, '');
        since = now();
      }
    },
    stop,
  };
}

/** A line without the pictures at its end. */
function plainLine(line: string): string {
  return line
    .replaceAll(/\p{Extended_Pictographic}\u{fe0f}?/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
