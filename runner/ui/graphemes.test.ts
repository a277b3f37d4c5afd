import {describe, expect, it} from 'vitest';
import {GraphemeSegmenter} from './graphemes.ts';

const own = new GraphemeSegmenter();
const reference = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

const cut = (segmenter: Pick<Intl.Segmenter, 'segment'>, text: string) =>
  [...segmenter.segment(text)].map(({segment, index}) => ({segment, index}));

/** All that stands alone in every company, by its code. */
const alone = [
  [0x00, 0x0c],
  [0x0e, 0x7e],
  [0xa0, 0xac],
  [0xae, 0x2ff],
  [0x2010, 0x2027],
  [0x2190, 0x2bff],
].flatMap(([first = 0, last = 0]) =>
  Array.from({length: last - first + 1}, (_, offset) => String.fromCharCode(first + offset)),
);

describe('GraphemeSegmenter', () => {
  it.each([1, 7, 40, 333])(
    'cuts plain characters as Intl.Segmenter does, every %d-th after another',
    step => {
      const text = Array.from({length: step}, (_, start) =>
        alone.filter((_, index) => index % step === start),
      )
        .flat()
        .join('');
      expect(text).toHaveLength(alone.length);
      expect(cut(own, text)).toEqual(cut(reference, text));
    },
  );

  it('leaves every character that joins another to Intl.Segmenter', () => {
    const wrong = alone
      .flatMap(character => ['\u0301', '\ufe0f', '\u200d', '\r', '한'].map(joiner => character + joiner))
      .filter(text => [...own.segment(text)].length !== [...reference.segment(text)].length);
    expect(wrong).toEqual([]);
  });

  it.each(['', 'plain', '★★★★☆ black', '👩‍👩‍👧‍👦 family', 'e\u0301a', 'a\r\nb', '\u001b[2mdim\u001b[22m ▰▱'])(
    '%j',
    text => {
      expect(cut(own, text)).toEqual(cut(reference, text));
    },
  );

  it('finds the grapheme at a place', () => {
    expect(own.segment('a★b').containing(1)).toMatchObject({segment: '★', index: 1});
    expect(own.segment('e\u0301b').containing(1)).toMatchObject({segment: 'e\u0301', index: 0});
  });
});
