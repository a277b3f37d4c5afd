import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {VisitorPage} from '../../verify/observation.ts';
import type {Verdict} from './result.ts';

/** Keeps what was seen: a picture of the reviews for each visitor, and the page's HTML when it was wrong. */
export async function saveEvidence(
  folder: string,
  pages: readonly VisitorPage[],
  verdict: Verdict,
): Promise<void> {
  await mkdir(folder, {recursive: true});
  for (const page of pages) {
    const base = path.join(folder, page.visitor.replaceAll(/[^\w-]+/g, '-'));
    await page.screenshot(`${base}.png`);
    if (verdict !== 'passed') await writeFile(`${base}.html`, await page.html());
  }
}
