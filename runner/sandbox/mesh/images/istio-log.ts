import type {Clock} from '../../clock.ts';

/** A line as Istio's Go programs write it: time, level, scope and message between tabs. */
export function istioLogLine(clock: Clock, message: string, scope?: string): string {
  const time = new Date(clock.now()).toISOString().replace('Z', '000Z');
  return [time, 'info', ...(scope ? [scope] : []), message].join('\t');
}
