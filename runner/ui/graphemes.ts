/**
 * Characters of which each is a grapheme of its own, whatever stands beside it: no carriage return (which joins a line
 * feed), no mark, joiner, selector or Hangul (Unicode Standard Annex 29, section 3.1.1).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are cut as well
const simple = /^[\0-\f\x0e-~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u2bff]*$/;

let whole: Intl.Segmenter | undefined;

/**
 * Cuts a text into graphemes as `Intl.Segmenter` does, without loading Unicode's tables for a text that needs none: that
 * takes as long as a quarter of the first frame. The build puts it in the place of `Intl.Segmenter` in ink's packages.
 */
export class GraphemeSegmenter {
  segment(input: string): Intl.Segments {
    if (simple.test(input)) return new SimpleSegments(input);
    whole ??= new Intl.Segmenter(undefined, {granularity: 'grapheme'});
    return whole.segment(input);
  }
}

class SimpleSegments implements Intl.Segments {
  readonly #input: string;

  constructor(input: string) {
    this.#input = input;
  }

  containing(index = 0): Intl.SegmentData {
    return {segment: this.#input.charAt(index), index, input: this.#input};
  }

  *[Symbol.iterator](): Generator<Intl.SegmentData, undefined> {
    for (let index = 0; index < this.#input.length; index += 1) yield this.containing(index);
    return undefined;
  }
}
