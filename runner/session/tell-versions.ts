import type {View} from './events.ts';

/** How long a look at the versions may take, in milliseconds: nobody waits for it but the end. */
const patience = 5000;

/**
 * A view behind which the versions of what is at work are told as soon as they can be read, and whenever more of them
 * is known: looked for at the end of each check, since the cluster and Istio come with the labs.
 * @param read may fail, where there is no cluster yet
 */
export function tellVersions(
  view: View,
  read: (signal: AbortSignal) => Promise<Readonly<Record<string, string>>>,
): {view: View; told(): Promise<void>} {
  let known = '';
  let looking: Promise<void> = Promise.resolve();
  let isLooking = false;

  async function look(): Promise<void> {
    const versions = await read(AbortSignal.timeout(patience)).catch(() => undefined);
    const text = JSON.stringify(versions);
    if (!versions || text === known) return;
    known = text;
    view.event({type: 'versions', versions});
  }

  const telling: View = {
    event(event) {
      view.event(event);
      if (event.type !== 'check-finished' || event.quiet || isLooking) return;
      isLooking = true;
      looking = look().finally(() => {
        isLooking = false;
      });
    },
    close: () => view.close(),
  };
  if (view.lend) telling.lend = view.lend.bind(view);
  return {view: telling, told: () => looking};
}
