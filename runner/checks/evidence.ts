import {mkdir, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Observation, VisitorPage} from '../../verify/observation.ts';
import type {ReviewsPicture, Verdict} from './result.ts';

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
   * Writes a picture for each visitor, and the HTML where the verdict is not that all was well. What the check
   * before left goes.
   */
  save(verdict: Verdict, versionOf: (pod: string) => Promise<string | undefined>): Promise<ReviewsPicture[]>;
}

/** A folder that holds the evidence of the last check and of no other. */
export interface EvidenceFolder {
  /** @param visitors in the order in which their pictures are told */
  begin(visitors: readonly string[]): Evidence;
}

export function createEvidenceFolder(folder: string): EvidenceFolder {
  let before: ReadonlySet<string> = new Set();

  async function replace(files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
    await mkdir(folder, {recursive: true});
    for (const [file, content] of files) {
      // Somebody may be looking at the old one.
      await writeFile(`${file}.new`, content);
      await rename(`${file}.new`, file);
    }
    for (const file of before) if (!files.has(file)) await rm(file, {force: true});
    before = new Set(files.keys());
  }

  function begin(visitors: readonly string[]): Evidence {
    const taken = new Map<string, Taken>();
    return {
      async take(page, observation) {
        if (!page || !observation || observation.status === null || taken.has(page.visitor)) return;
        try {
          const [png, html] = await Promise.all([page.screenshot(), page.html()]);
          taken.set(page.visitor, {observation, png, html});
        } catch {
          // The browser has gone, or the check was given up.
        }
      },
      async save(verdict, versionOf) {
        const files = new Map<string, string | Uint8Array>();
        const pictures: ReviewsPicture[] = [];
        for (const visitor of visitors) {
          const look = taken.get(visitor);
          if (!look) continue;
          const {observation, png, html} = look;
          const base = path.join(folder, visitor.replaceAll(/[^\w-]+/g, '-'));
          const {stars, pod} = observation;
          const version = pod === null ? undefined : await versionOf(pod).catch(() => undefined);
          files.set(`${base}.png`, png);
          if (verdict !== 'passed') files.set(`${base}.html`, html);
          pictures.push({visitor, stars, path: `${base}.png`, ...(version === undefined ? {} : {version})});
        }
        await replace(files);
        return pictures;
      },
    };
  }

  return {begin};
}
