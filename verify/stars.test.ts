import {describe, expect, it} from 'vitest';
import type {PageReading} from './observation.ts';
import {judgeStars} from './stars.ts';

const v1: PageReading = {
  status: 200,
  reviews: 2,
  filledStars: [0, 0],
  colours: [],
  markupColours: [],
  errors: [],
  pod: 'reviews-v1-7d8f-x2x',
  failedStatic: [],
  signedInAs: null,
};
const v2 = {
  ...v1,
  filledStars: [5, 4],
  colours: ['rgb(0, 0, 0)'],
  markupColours: ['black'],
  pod: 'reviews-v2-5b-y',
};
const v3 = {...v2, colours: ['rgb(239, 68, 68)'], markupColours: ['red'], pod: 'reviews-v3-6c-z'};

describe('judgeStars', () => {
  it('tells the three versions apart', () => {
    expect(judgeStars(v1)).toEqual({stars: 'none'});
    expect(judgeStars(v2)).toEqual({stars: 'black'});
    expect(judgeStars(v3)).toEqual({stars: 'red'});
  });

  it('reads the red of the old markup', () => {
    expect(judgeStars({...v3, colours: ['rgb(255, 0, 0)']})).toEqual({stars: 'red'});
  });

  it.each([
    [
      'ratings down',
      {...v1, pod: 'reviews-v2-a', errors: ['Ratings service is currently unavailable']},
      /Ratings service/,
    ],
    [
      'reviews down',
      {...v1, reviews: 0, filledStars: [], pod: null, errors: ['Error fetching product reviews']},
      /fetching product reviews/,
    ],
    ['nothing rendered', {...v1, reviews: 0, filledStars: [], pod: null}, /no reviews/],
    ['no pod named', {...v1, pod: null}, /which pod/],
    ['the pod of another version', {...v1, pod: 'reviews-v3-6c-z'}, /reviews-v3-6c-z/],
    ['an error status', {...v1, status: 503}, /503/],
    ['no answer', {...v1, status: null}, /no answer/],
  ])('does not take missing stars for v1: %s', (_name, reading, remark) => {
    const {stars, remark: said} = judgeStars(reading);
    expect(stars).toBe('unavailable');
    expect(said).toMatch(remark);
  });

  it('takes v1 for v1 while only the details are down', () => {
    const errors = [
      'Error fetching product details',
      'Sorry, product details are currently unavailable for this book.',
    ];
    expect(judgeStars({...v1, errors}).stars).toBe('none');
  });

  it('says that the style sheet did not load rather than calling v3 black', () => {
    const {stars, remark} = judgeStars({
      ...v3,
      colours: ['rgb(0, 0, 0)'],
      failedStatic: ['/static/bookinfo.css: 404'],
    });
    expect(stars).toBe('unavailable');
    expect(remark).toBe(
      'The page asks for red stars but they are black: the style sheet did not load (/static/bookinfo.css: 404).',
    );
  });

  it('never averages a disagreement away', () => {
    expect(judgeStars({...v2, pod: 'reviews-v3-6c-z'}).stars).toBe('unavailable');
    expect(judgeStars({...v2, colours: ['rgb(0, 0, 0)', 'rgb(239, 68, 68)']}).stars).toBe('unavailable');
    expect(judgeStars({...v2, colours: ['rgb(0, 128, 0)'], markupColours: []}).remark).toContain(
      'neither black nor red',
    );
  });
});
