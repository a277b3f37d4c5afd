import type {SessionEvent, View} from './events.ts';

type End = SessionEvent & {type: 'session-finished'};

/** A view to which the end of a session is told when it is let go: what is cleared up behind it belongs to the run. */
export interface HeldEnd extends View {
  /** @param isClean where it is not, a run that has passed could not be checked to its end */
  letGo(isClean: boolean): void;
}

export function holdEnd(view: View): HeldEnd {
  let end: End | undefined;
  return {
    event(event) {
      if (event.type === 'session-finished') end = event;
      else view.event(event);
    },
    letGo(isClean) {
      if (end) view.event(isClean || end.outcome !== 'passed' ? end : {...end, outcome: 'unknown'});
      end = undefined;
    },
    ...(view.lend ? {lend: view.lend.bind(view)} : {}),
    close: () => view.close(),
  };
}
