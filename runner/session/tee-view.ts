import type {View} from './events.ts';

/** One view that tells several; the first of them has the terminal. All are closed, whatever becomes of one. */
export function teeView(views: readonly [View, ...View[]]): View {
  const [first] = views;
  return {
    event(event) {
      for (const view of views) view.event(event);
    },
    ...(first.lend ? {lend: first.lend.bind(first)} : {}),
    async close() {
      const closed = await Promise.allSettled(views.map(view => view.close()));
      for (const each of closed) if (each.status === 'rejected') throw each.reason;
    },
  };
}
