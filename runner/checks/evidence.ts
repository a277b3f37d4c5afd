import {rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Observation, VisitorPage} from '../../verify/observation.ts';
import {makeFolder} from '../make-folder.ts';
import {redactText} from '../redact.ts';
import {redactTrace} from './redact-trace.ts';
import type {LoadTrace, ReviewsPicture, Verdict} from './result.ts';
import {starsWord} from './stars-word.ts';

/** What one look at the page has left: a picture of the reviews, and the page's HTML. */
interface Taken {
  observation: Observation;
  png: Uint8Array;
  html: string;
}

/** What one check sees, while it goes on. */
export interface Evidence {
  /**
   * Keeps how the page looks after this load; the first one of a visitor stays. A page that never came is left out,
   * and so is a picture that could not be taken: the verdict does not rest on it.
   */
  take(page: VisitorPage | undefined, observation: Observation | undefined): Promise<void>;
  /**
   * Takes what has not been taken yet and writes it, behind the check: a picture for each visitor, and the HTML where
   * the verdict is not that all was well. What the check before left goes.
   * @param lasts the page of each visitor and the load that it shows
   * @returns what will be there when the folder has settled
   */
  finish(options: {
    verdict: Verdict;
    versionOf(pod: string): Promise<string | undefined>;
    lasts: readonly (readonly [VisitorPage | undefined, Observation | undefined])[];
  }): Promise<readonly ReviewsPicture[]>;
  /**
   * Repeats the loads of a check that failed and records them, for these visitors. What failed itself was not recorded:
   * that would have slowed every load. Nothing where only the last check is kept, and where no trace can be had.
   */
  retrace(pages: readonly VisitorPage[], signal: AbortSignal): Promise<readonly LoadTrace[]>;
}

/** A folder that holds the evidence of the last check and of no other, or that of each check in a folder of its own. */
export interface EvidenceFolder {
  /**
   * Resolves when the pages are free for other loads and the files are written, with what there is.
   * @throws what kept the files from being written, once
   */
  settled(): Promise<readonly ReviewsPicture[]>;
  /**
   * @param visitors in the order in which their pictures are told
   * @param own the folder of this check below the evidence, where that of each is kept
   */
  begin(visitors: readonly string[], own?: string): Evidence;
}

/** Loads that are repeated for a trace: the first may still open the page. */
const tracedLoads = 2;

export function createEvidenceFolder(whole: string): EvidenceFolder {
  let before: ReadonlySet<string> = new Set();
  let work: Promise<readonly ReviewsPicture[]> = Promise.resolve([]);

  async function put(file: string, content: string | Uint8Array): Promise<void> {
    // Somebody may be looking at the old one.
    await writeFile(`${file}.new`, content);
    await rename(`${file}.new`, file);
  }

  async function replace(
    folder: string,
    files: ReadonlyMap<string, string | Uint8Array>,
    own: string | undefined,
  ): Promise<void> {
    await makeFolder(folder);
    for (const [file, content] of files) await put(file, content);
    if (own !== undefined) return;
    for (const file of before) if (!files.has(file)) await rm(file, {force: true});
    before = new Set(files.keys());
  }

  function begin(visitors: readonly string[], own?: string): Evidence {
    const folder = own === undefined ? whole : path.join(whole, own);
    const fileFor = (visitor: string, ending: string): string =>
      path.join(folder, `${visitor.replaceAll(/[^\w-]+/g, '-')}.${ending}`);
    const taken = new Map<string, Taken>();

    async function take(page: VisitorPage | undefined, observation: Observation | undefined): Promise<void> {
      if (!page || !isThere(observation) || taken.has(page.visitor)) return;
      try {
        const [png, html] = await Promise.all([page.screenshot(), page.html()]);
        taken.set(page.visitor, {observation, png, html});
      } catch {
        // The browser has gone, or the check was given up.
      }
    }

    async function write(pictures: readonly ReviewsPicture[]): Promise<ReviewsPicture[]> {
      const files = new Map<string, string | Uint8Array>();
      for (const {visitor, path: file, html} of pictures) {
        const look = taken.get(visitor);
        if (look) files.set(file, look.png);
        if (look && html !== undefined) files.set(html, redactText(look.html));
      }
      await replace(folder, files, own);
      return pictures.filter(({visitor}) => taken.has(visitor));
    }

    async function retraced(page: VisitorPage, signal: AbortSignal): Promise<LoadTrace | undefined> {
      try {
        const loads: string[] = [];
        const trace = await page.traced?.(async () => {
          for (let count = 0; count < tracedLoads; count += 1) {
            loads.push(starsWord(await page.load({signal})));
          }
        });
        if (!trace) return undefined;
        const file = fileFor(page.visitor, 'trace.zip');
        await makeFolder(folder);
        await put(file, await redactTrace(trace));
        return {visitor: page.visitor, path: file, loads};
      } catch {
        // The browser has gone, or the check was given up: the verdict does not rest on it.
        return undefined;
      }
    }

    return {
      take,
      async finish({verdict, versionOf, lasts}) {
        const observations = new Map(
          lasts.flatMap(([page, last]) => {
            const shown = page && (taken.get(page.visitor)?.observation ?? last);
            return isThere(shown) ? [[shown.visitor, shown] as const] : [];
          }),
        );
        const pictures: ReviewsPicture[] = [];
        for (const visitor of visitors) {
          const shown = observations.get(visitor);
          if (!shown) continue;
          const version = shown.pod === null ? undefined : await versionOf(shown.pod).catch(() => undefined);
          pictures.push({
            visitor,
            stars: shown.stars,
            path: fileFor(visitor, 'png'),
            ...(verdict === 'passed' ? {} : {html: fileFor(visitor, 'html')}),
            ...(version === undefined ? {} : {version}),
          });
        }
        const taking = Promise.all(lasts.map(([page, last]) => take(page, last)));
        work = taking.then(() => write(pictures));
        // Whoever waits for it is told.
        work.catch(() => {});
        return pictures;
      },
      async retrace(pages, signal) {
        if (own === undefined) return [];
        // The pages must show what the pictures are of until those are taken.
        await work.catch(() => {});
        const traces = await Promise.all(pages.map(page => retraced(page, signal)));
        return traces.filter(trace => trace !== undefined);
      },
    };
  }

  return {
    begin,
    async settled() {
      const settling = work;
      try {
        return await settling;
      } catch (error) {
        if (work === settling) work = Promise.resolve([]);
        throw error;
      }
    },
  };
}

/** Whether a page came at all. */
function isThere(observation: Observation | undefined): observation is Observation {
  return observation !== undefined && observation.status !== null;
}
