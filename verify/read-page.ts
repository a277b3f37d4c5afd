import type {PageReading} from './observation.ts';

/** The little of the DOM that is used here; the project has no DOM types, since nothing else runs in a page. */
interface Element {
  readonly textContent: string | null;
  readonly parentElement: Element | null;
  readonly classList: Iterable<string>;
  closest(selector: string): Element | null;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
}
declare const document: Element & {readonly body: Element};
declare function getComputedStyle(element: Element): {color: string; fill: string};

export type InPage = Omit<PageReading, 'status' | 'failedStatic'>;

/**
 * Reads the product page; runs inside the browser, so it must not refer to anything outside itself.
 *
 * Knows both markups: svg stars in a wrapper with a colour class (Bookinfo 1.20 and later) and glyph spans in a
 * `<font color>` (before). Looks for colour at the filled stars only: error paragraphs are red, too.
 */
export function readPage(): InPage {
  const textOf = (element: Element | null | undefined) =>
    (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
  const distinct = (values: Iterable<string>) => [...new Set(values)];

  const cards = [...document.querySelectorAll('blockquote')].map(quote => quote.closest('section') ?? quote);
  const starsIn = (card: Element) => [
    ...card.querySelectorAll(
      'svg[id="glyphicon glyphicon-star"], svg[fill="currentColor"], span.glyphicon-star',
    ),
  ];
  const paintOf = (star: Element) => {
    const {fill, color} = getComputedStyle(star);
    return star.getAttribute('fill') !== null && fill.startsWith('rgb') ? fill : color;
  };
  const askedFor = (star: Element): string[] => {
    for (let element: Element | null = star; element !== null; element = element.parentElement) {
      const attribute = element.getAttribute('color');
      if (attribute !== null) return [attribute.toLowerCase()];
      for (const name of element.classList) {
        const colour = /^text-([a-z]+)-\d+$/.exec(name)?.[1];
        if (colour !== undefined) return [colour];
      }
    }
    return [];
  };
  const isError = (element: Element) =>
    /^(Error fetching product|Sorry, product|Ratings service is currently unavailable)/.test(
      textOf(element),
    ) || [...element.classList].includes('text-red-500');

  const logout = document.querySelector('a[href="logout"], a[href="/logout"]');
  const account = logout?.parentElement ?? null;
  const signedInAs =
    logout === null
      ? null
      : textOf(account?.querySelector('p')) || textOf(account).replace(/\s*\(.*$/, '') || null;

  const stars = cards.map(starsIn);
  return {
    reviews: cards.length,
    filledStars: stars.map(found => found.length),
    colours: distinct(stars.flat().map(paintOf)),
    markupColours: distinct(stars.flat().flatMap(askedFor)),
    errors: distinct([...document.querySelectorAll('p, h4, i')].filter(isError).map(textOf)),
    pod:
      /Reviews served by:\s*([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)/.exec(document.body.textContent ?? '')?.[1] ??
      null,
    signedInAs,
  };
}
