import type {EngineName} from '../../catalog/lab.ts';
import type {Detection} from '../../engines/port.ts';
import {messageOf, type Remedy, WorkshopError} from '../../errors.ts';
import type {EngineChoice} from '../../session/events.ts';

export interface DetectOptions {
  engines: readonly EngineName[];
  /** Looks for what one engine needs, and changes nothing. */
  detect(engine: EngineName, signal: AbortSignal): Promise<Detection>;
  /** Ends the look-up; nothing is told from then on. */
  signal: AbortSignal;
  /** How long one engine may take, in milliseconds. */
  limit: number;
  /** Told of all engines each time something was found out about one. */
  onFound(engines: readonly EngineChoice[]): void;
}

/**
 * Looks at this machine for every engine at the same time, each with a limit of its own. An engine that can't be
 * looked at is one that can't be used, with the reason; this never throws.
 */
export async function detectEngines(options: DetectOptions): Promise<void> {
  const {engines, signal, onFound} = options;
  const found = new Map<EngineName, Detection>();
  await Promise.all(
    engines.map(async engine => {
      const detection = await detectOne(engine, options);
      if (signal.aborted) return;
      found.set(engine, detection);
      onFound(
        engines.map(name => {
          const detection = found.get(name);
          return {engine: name, ...(detection ? {detection} : {})};
        }),
      );
    }),
  );
}

async function detectOne(engine: EngineName, {detect, signal, limit}: DetectOptions): Promise<Detection> {
  const late = new AbortController();
  // A tool may hang in a way that no signal ends, so nobody waits for it longer than the limit.
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Detection>(resolve => {
    timer = setTimeout(() => {
      late.abort();
      resolve(unusable(engine, `no answer within ${limit / 1000} s`));
    }, limit);
  });
  const detected = (async () => detect(engine, AbortSignal.any([signal, late.signal])))().catch(error =>
    unusable(engine, messageOf(error), error instanceof WorkshopError ? error.remedies[0] : undefined),
  );
  try {
    return await Promise.race([detected, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function unusable(engine: EngineName, detail: string, remedy?: Remedy): Detection {
  const further = remedy ?? {say: 'See what is missing', command: `doctor --engine ${engine}`};
  return {usable: false, needs: '', requirements: [{name: engine, found: false, detail, remedy: further}]};
}
