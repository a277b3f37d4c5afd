import type {ClusterEngine} from '../engines/port.ts';
import type {SessionEvent} from './events.ts';

export interface RevivalOptions {
  engine: Pick<ClusterEngine, 'running' | 'ensure'>;
  emit(event: SessionEvent): void;
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface Revival {
  /**
   * Has the cluster answer before something is done in it or judged: one that was seen in this session and stopped
   * meanwhile is started or waited for. One that was never seen is the first lab's to make.
   *
   * @param options.doubted something failed just now, so that it is asked however lately it answered.
   * @returns whether it had stopped. @throws WorkshopError when it can't be had.
   */
  ensure(signal: AbortSignal, options?: {doubted: boolean}): Promise<boolean>;
  /** It may have been taken away on purpose, as the first lab's reset does: one that no longer runs is not missed. */
  reconsider(): Promise<void>;
}

/** Milliseconds for which a cluster that answered is taken to be there: asking some of them costs a process. */
const trust = 15_000;

export function createRevival({engine, emit, now}: RevivalOptions): Revival {
  let seen = false;
  let answeredAt = Number.NEGATIVE_INFINITY;
  return {
    async ensure(signal, {doubted} = {doubted: false}) {
      if (seen && !doubted && now() - answeredAt < trust) return false;
      const runs = await engine.running();
      if (!runs && !seen) return false;
      if (!runs) {
        emit({type: 'note', text: 'The cluster no longer answers. It is started again, or waited for.'});
        await engine.ensure({signal, onProgress: ({text}) => emit({type: 'cluster-progress', text})});
      }
      seen = true;
      answeredAt = now();
      return !runs;
    },
    async reconsider() {
      seen = await engine.running();
    },
  };
}
