/** The little of the DOM that is used here; the project has no DOM types, since nothing else runs in a page. */
interface Element {
  readonly textContent: string | null;
  readonly parentElement: Element | null;
  closest(selector: string): Element | null;
  contains(other: Element): boolean;
  getBoundingClientRect(): {x: number; y: number; width: number; height: number};
  querySelectorAll(selector: string): Iterable<Element>;
}
declare const document: Element;
declare const scrollX: number;
declare const scrollY: number;

/** A part of the page in CSS pixels, from the page's own top left corner. */
export interface PagePart {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Where on the page the reviews stand, or the sentence that stands in their place; runs inside the browser, so it
 * must not refer to anything outside itself. Their wrappers differ from version to version of Bookinfo, so it is
 * what all reviews have in common that is taken. Null where the page has neither.
 */
export function reviewsPart(): PagePart | null {
  const first = (selector: string, text: RegExp) =>
    [...document.querySelectorAll(selector)].find(({textContent}) => text.test(textContent ?? ''));
  const cards = [...document.querySelectorAll('blockquote')].map(quote => quote.closest('section') ?? quote);
  let around =
    cards[0]?.parentElement ?? first('p, h4', /^\s*Error fetching product reviews/)?.parentElement ?? null;
  while (around?.parentElement && !cards.every(card => around?.contains(card))) around = around.parentElement;
  if (!around) return null;
  const margin = 8;
  const box = around.getBoundingClientRect();
  if (box.width === 0 || box.height === 0) return null;
  const x = Math.max(0, box.x + scrollX - margin);
  const y = Math.max(0, box.y + scrollY - margin);
  return {x, y, width: box.width + 2 * margin, height: box.height + 2 * margin};
}
