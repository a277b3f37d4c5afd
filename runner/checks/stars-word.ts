import type {Observation} from '../../verify/observation.ts';

/** What a load showed, in a word. */
export function starsWord({stars, failure}: Pick<Observation, 'stars' | 'failure'>): string {
  return failure ? 'not seen' : stars;
}
