import type {SessionEvent, View} from './events.ts';
import type {WorkshopStore} from './workshop-store.ts';

/** A view that keeps what the last check of the page saw, and when that is written. */
export function rememberChecks(
  view: View,
  {store, now}: {store: Pick<WorkshopStore, 'writeLastCheck'>; now(): number},
): {view: View; written(): Promise<void>} {
  let lab = '';
  let writing: Promise<void> = Promise.resolve();
  const remember = (event: SessionEvent): void => {
    if (event.type === 'check-started') lab = event.lab;
    if (event.type !== 'condition-finished') return;
    const {rows, wanted, verdict} = event.result;
    if (!rows || !wanted) return;
    const check = {at: now(), lab, verdict, rows, wanted};
    // Nobody waits for it, and of a full disk is told where that matters.
    writing = writing.then(() => store.writeLastCheck(check)).catch(() => {});
  };
  const remembering: View = {
    event(event) {
      remember(event);
      view.event(event);
    },
    close: () => view.close(),
  };
  if (view.lend) remembering.lend = view.lend.bind(view);
  return {view: remembering, written: () => writing};
}
