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

describe('the evidence of a check', () => {
  it('is one picture for each visitor, with what was seen on it', async () => {
    const evidence = createEvidenceFolder(folder).begin(visitors);
    const page = pageOf('jason signed out');
    page.show('red stars');
    await evidence.take(pageOf('john'), seen('john', 'none', {pod: null}));
    await evidence.take(page, seen(page.visitor, 'red'));
    expect(await evidence.save('passed', versionOf)).toEqual([
      {
        visitor: 'jason signed out',
        stars: 'red',
        version: 'v3',
        path: path.join(folder, 'jason-signed-out.png'),
      },
      {visitor: 'john', stars: 'none', path: path.join(folder, 'john.png')},
    ]);
    expect(await readFile(path.join(folder, 'jason-signed-out.png'), 'utf8')).toBe('picture of red stars');
    expect((await readdir(folder)).sort()).toEqual(['jason-signed-out.png', 'john.png']);
  });

  it('shows the first wrong load, whatever came after it, and keeps its HTML', async () => {
    const evidence = createEvidenceFolder(folder).begin(visitors);
    const page = pageOf('jason');
    page.show('black stars');
    await evidence.take(page, seen('jason', 'black'));
    page.show('red stars');
    await evidence.take(page, seen('jason', 'red'));
    expect(await evidence.save('failed', versionOf)).toMatchObject([{visitor: 'jason', stars: 'black'}]);
    expect(await readFile(path.join(folder, 'jason.png'), 'utf8')).toBe('picture of black stars');
    expect(await readFile(path.join(folder, 'jason.html'), 'utf8')).toBe('<p>black stars');
  });

  it('replaces what the check before left, and touches nothing else', async () => {
    await writeFile(path.join(folder, 'mine.png'), 'mine');
    const evidence = createEvidenceFolder(folder);
    const first = evidence.begin(visitors);
    for (const visitor of ['jason', 'john']) await first.take(pageOf(visitor), seen(visitor, 'none'));
    await first.save('failed', versionOf);
    expect((await readdir(folder)).sort()).toEqual([
      'jason.html',
      'jason.png',
      'john.html',
      'john.png',
      'mine.png',
    ]);
    const second = evidence.begin(visitors);
    await second.take(pageOf('jason'), seen('jason', 'none'));
    await second.save('passed', versionOf);
    expect((await readdir(folder)).sort()).toEqual(['jason.png', 'mine.png']);
  });

  it('leaves out a page that never came, and a picture that could not be taken', async () => {
    const evidence = createEvidenceFolder(folder).begin(visitors);
    const gone = {...pageOf('john'), screenshot: () => Promise.reject(new Error('the browser has gone'))};
    await evidence.take(gone, seen('john', 'red'));
    await evidence.take(pageOf('jason'), seen('jason', 'unavailable', {status: null}));
    await evidence.take(undefined, undefined);
    expect(await evidence.save('unknown', versionOf)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });
});
