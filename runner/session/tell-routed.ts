import type {View} from './events.ts';
import type {LastRouted} from './routed.ts';
import type {WorkshopStore} from './workshop-store.ts';

/**
 * A view behind which each check also tells how long the last change of the mesh took to all of its proxies: that of a
 * command of this session, else of the one before.
 */
export function tellRouted(
  view: View,
  {store, now}: {store: Pick<WorkshopStore, 'readLastRouted' | 'writeLastRouted'>; now(): number},
): {view: View; written(): Promise<void>} {
  let last: LastRouted | undefined;
  // Read at once, and known long before a check is over.
  let work: Promise<void> = store.readLastRouted().then(
    known => {
      last ??= known;
    },
    () => {},
  );
  const telling: View = {
    event(event) {
      if (event.type === 'routed') {
        const {milliseconds, proxies} = event;
        const routed = {milliseconds, proxies, at: now()};
        last = routed;
        // It is a record and no more: of a full disk is told where that matters.
        work = work.then(() => store.writeLastRouted(routed)).catch(() => {});
      }
      view.event(event.type === 'check-finished' && !event.quiet && last ? {...event, routed: last} : event);
    },
    close: () => view.close(),
  };
  if (view.lend) telling.lend = view.lend.bind(view);
  return {view: telling, written: () => work};
}
