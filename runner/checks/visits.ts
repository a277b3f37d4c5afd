import type {VisitorPage} from '../../verify/observation.ts';
import type {Via} from '../catalog/lab.ts';
import type {Browsers} from './browsers.ts';
import type {Visits} from './context.ts';
import {inTurn, openPage, type PageEntry} from './page-entry.ts';

interface Visit {
  entry: PageEntry;
  /** Where the page is, pod by pod; looked up again for each check. */
  urls: readonly string[];
  pages: Map<string, VisitorPage>;
}

export function createVisits(browsers: Browsers): Visits {
  const visits = new Map<Via, Visit>();
  return {
    async pages({kube, via, visitors, signal}) {
      const browser = await browsers.lend(signal);
      const visit = visits.get(via) ?? {
        entry: await openPage(kube, via),
        urls: [],
        pages: new Map<string, VisitorPage>(),
      };
      visits.set(via, visit);
      visit.urls = (await visit.entry.origins()).map(origin => `${origin}/productpage`);
      const missing = visitors.filter(visitor => !visit.pages.has(visitor));
      await Promise.all(
        missing.map(async visitor => {
          // Every visitor goes round all pods, each beginning with another.
          const url = inTurn(() => visit.urls, visitors.indexOf(visitor));
          visit.pages.set(visitor, await browser.open({url, visitor}));
        }),
      );
      return new Map([...visit.pages].filter(([visitor]) => visitors.includes(visitor)));
    },
    async forget() {
      const open = [...visits.values()];
      visits.clear();
      await Promise.all(
        open.map(async ({entry, pages}) => {
          // A browser that has crashed has closed its pages itself.
          await Promise.allSettled([...pages.values()].map(page => page.close()));
          await entry.close();
        }),
      );
    },
  };
}
