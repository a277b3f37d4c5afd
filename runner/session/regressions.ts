import type {Condition, EngineName, Lab} from '../catalog/lab.ts';
import type {Explanation} from '../checks/result.ts';
import {standingLabs} from '../state/plan.ts';
import type {Progress} from '../state/state.ts';
import type {SessionEvent} from './events.ts';
import type {Notice} from './notice.ts';

type StarsCondition = Condition & {kind: 'stars'};

/** Tells when a change breaks what a lab that has passed made of the page. */
export interface RegressionWatch {
  /** Looks from now on at the labs that should still hold; the current one and those that it replaces are its own. */
  follow(progress: Progress, current: string | undefined): void;
  close(): void;
}

export interface RegressionOptions {
  labs: readonly Lab[];
  engine: EngineName;
  /** Tells of changes of the objects behind conditions, and of nothing while nobody changes anything. */
  notice: Notice;
  /**
   * What the mesh makes of the page now, by its configuration: no page is loaded for that. `why` is empty where
   * everybody sees what the condition wants.
   */
  explain(condition: StarsCondition): Promise<Explanation>;
  emit(event: SessionEvent): void;
}

export function createRegressionWatch(options: RegressionOptions): RegressionWatch {
  const {labs, engine, notice, explain, emit} = options;
  let watched = '';
  let watching = new AbortController();
  const told = new Set<string>();

  async function look(lab: Lab, condition: StarsCondition, signal: AbortSignal): Promise<void> {
    const {why = []} = await explain(condition);
    if (signal.aborted) return;
    // Without istiod the page is as it was.
    const cause = why.find(({code}) => code !== 'istiod-not-ready');
    if (!cause) return void told.delete(lab.id);
    if (told.has(lab.id)) return;
    told.add(lab.id);
    // The screen has one line for it, so that what to do stands in front.
    const text = `Lab ${lab.number} no longer holds (istio-workshop check ${lab.number}): ${cause.sentence}`;
    emit({type: 'note', text});
  }

  return {
    follow(progress, current) {
      const own = labs.find(({id}) => id === current);
      const spared = new Set([current, ...(own?.replaces ?? [])]);
      const standing = standingLabs(labs, progress, engine, current).filter(({id}) => !spared.has(id));
      const key = standing.map(({id}) => id).join();
      if (key === watched) return;
      watched = key;
      watching.abort();
      watching = new AbortController();
      const {signal} = watching;
      for (const lab of standing) {
        const conditions = lab.steps
          .flatMap(({blocks}) => blocks)
          .flatMap(block => (block.kind === 'check' ? block.conditions : []))
          .filter(condition => condition.kind === 'stars');
        if (conditions.length === 0) continue;
        // A cluster that can't be read says nothing about a lab.
        const lookAtAll = () =>
          void Promise.all(conditions.map(condition => look(lab, condition, signal))).catch(() => {});
        notice(conditions, lookAtAll, signal);
      }
    },
    close: () => watching.abort(),
  };
}
