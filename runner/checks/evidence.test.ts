import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Observation, SeenStars, VisitorPage} from '../../verify/observation.ts';
import {createEvidenceFolder} from './evidence.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'evidence-'));
});
afterEach(() => rm(folder, {recursive: true}));

/** A page that looks the way its last load was. */
function pageOf(visitor: string): VisitorPage & {show(look: string): void} {
  let look = 'nothing';
  return {
    visitor,
    show(next) {
      look = next;
    },
    screenshot: async () => new TextEncoder().encode(`picture of ${look}`),
    html: async () => `<p>${look}`,
    load: () => Promise.reject(new Error('not in this test')),
    signOut: async () => {},
    close: async () => {},
  };
}

function seen(visitor: string, stars: SeenStars, over: Partial<Observation> = {}): Observation {
  return {
    visitor,
    stars,
    status: 200,
    reviews: 2,
    filledStars: [],
    colours: [],
    markupColours: [],
    errors: [],
    pod: `reviews-of-${stars}`,
    failedStatic: [],
    signedInAs: null,
    milliseconds: 40,
    ...over,
  };
}

const versionOf = async (pod: string): Promise<string | undefined> =>
  pod === 'reviews-of-red' ? 'v3' : undefined;

const visitors = ['jason', 'jason signed out', 'john'];
const files = async (): Promise<string[]> => (await readdir(folder)).sort();

describe('the evidence of a check', () => {
  it('is one picture for each visitor, with what was seen on it, told before it is taken', async () => {
    const evidence = createEvidenceFolder(folder);
    const signedOut = pageOf('jason signed out');
    signedOut.show('red stars');
    const pictures = await evidence.begin(visitors).finish({
      verdict: 'passed',
      versionOf,
      lasts: [
        [pageOf('john'), seen('john', 'none', {pod: null})],
        [signedOut, seen(signedOut.visitor, 'red')],
      ],
    });
    expect(pictures).toEqual([
      {
        visitor: 'jason signed out',
        stars: 'red',
        version: 'v3',
        path: path.join(folder, 'jason-signed-out.png'),
      },
      {visitor: 'john', stars: 'none', path: path.join(folder, 'john.png')},
    ]);
    expect(await evidence.settled()).toEqual(pictures);
    expect(await readFile(path.join(folder, 'jason-signed-out.png'), 'utf8')).toBe('picture of red stars');
    expect(await files()).toEqual(['jason-signed-out.png', 'john.png']);
  });

  it('shows the first wrong load, whatever came after it, and keeps its HTML', async () => {
    const folderOfIt = createEvidenceFolder(folder);
    const evidence = folderOfIt.begin(visitors);
    const page = pageOf('jason');
    page.show('black stars');
    await evidence.take(page, seen('jason', 'black'));
    page.show('red stars');
    await evidence.take(page, seen('jason', 'red'));
    const pictures = await evidence.finish({
      verdict: 'failed',
      versionOf,
      lasts: [[page, seen('jason', 'red')]],
    });
    await folderOfIt.settled();
    expect(pictures).toMatchObject([{visitor: 'jason', stars: 'black'}]);
    expect(await readFile(path.join(folder, 'jason.png'), 'utf8')).toBe('picture of black stars');
    expect(await readFile(path.join(folder, 'jason.html'), 'utf8')).toBe('<p>black stars');
  });

  it('replaces what the check before left, and touches nothing else', async () => {
    await writeFile(path.join(folder, 'mine.png'), 'mine');
    const evidence = createEvidenceFolder(folder);
    await evidence.begin(visitors).finish({
      verdict: 'failed',
      versionOf,
      lasts: ['jason', 'john'].map(visitor => [pageOf(visitor), seen(visitor, 'none')] as const),
    });
    await evidence.settled();
    expect(await files()).toEqual(['jason.html', 'jason.png', 'john.html', 'john.png', 'mine.png']);
    const lasts = [[pageOf('jason'), seen('jason', 'none')] as const];
    await evidence.begin(visitors).finish({verdict: 'passed', versionOf, lasts});
    await evidence.settled();
    expect(await files()).toEqual(['jason.png', 'mine.png']);
  });

  it('leaves out a page that never came, and a picture that could not be taken', async () => {
    const evidence = createEvidenceFolder(folder);
    const gone = {...pageOf('john'), screenshot: () => Promise.reject(new Error('the browser has gone'))};
    await evidence.begin(visitors).finish({
      verdict: 'unknown',
      versionOf,
      lasts: [
        [gone, seen('john', 'red')],
        [pageOf('jason'), seen('jason', 'unavailable', {status: null})],
        [undefined, undefined],
      ],
    });
    expect(await evidence.settled()).toEqual([]);
    expect(await files()).toEqual([]);
  });

  it('has settled only when the pages are free again', async () => {
    const evidence = createEvidenceFolder(folder);
    let shoot: (png: Uint8Array) => void = () => {};
    const slow = {...pageOf('john'), screenshot: () => new Promise<Uint8Array>(resolve => (shoot = resolve))};
    const lasts = [[slow, seen('john', 'red')] as const];
    await evidence.begin(visitors).finish({verdict: 'passed', versionOf, lasts});
    let isFree = false;
    const settled = evidence.settled().then(() => {
      isFree = true;
    });
    await new Promise(resolve => setImmediate(resolve));
    expect(isFree).toBe(false);
    shoot(new Uint8Array([1]));
    await settled;
    expect(await files()).toEqual(['john.png']);
  });

  it('tells once what kept it from being written', async () => {
    await writeFile(path.join(folder, 'file'), '');
    const evidence = createEvidenceFolder(path.join(folder, 'file', 'below'));
    const lasts = [[pageOf('john'), seen('john', 'red')] as const];
    await evidence.begin(visitors).finish({verdict: 'passed', versionOf, lasts});
    await expect(evidence.settled()).rejects.toThrow('ENOTDIR');
    expect(await evidence.settled()).toEqual([]);
  });
});
