import type {PageReading, SeenStars} from './observation.ts';

export interface Judgement {
  stars: SeenStars;
  /** Why the stars can't be told, or what disagrees; one sentence. */
  remark?: string;
}

/** What the stars of the page are, from what was read off it. Says so when the page does not tell, or disagrees with itself. */
export function judgeStars(reading: PageReading): Judgement {
  const {status, reviews, filledStars, errors, pod} = reading;
  if (status === null) return unavailable('The page gave no answer.');
  if (status !== 200) return unavailable(`The page answered with status ${status}.`);
  const error = errors.find(text => !text.includes('product details'));
  if (reviews === 0) return unavailable(sentence(error ?? 'The page shows no reviews'));
  const starred = filledStars.some(count => count > 0);
  if (starred) return colouredStars(reading);
  if (error !== undefined)
    return unavailable(`${sentence(error)} No stars are shown, but that is not reviews v1.`);
  if (pod === null) return unavailable('The page does not say which pod served its reviews.');
  const version = versionIn(pod);
  if (version !== undefined && version !== 'v1')
    return unavailable(`The pod ${pod} served the reviews, but no stars are shown.`);
  return {stars: 'none'};
}

function colouredStars({colours, markupColours, failedStatic, errors, pod}: PageReading): Judgement {
  if (colours.length !== 1 || markupColours.length > 1) {
    return unavailable(`The stars of one page have different colours: ${colours.join(' and ')}.`);
  }
  const [colour = ''] = colours;
  const [wanted] = markupColours;
  const stars = nameOf(colour);
  if (stars === undefined) return unavailable(`The stars are ${colour}, which is neither black nor red.`);
  if (wanted !== undefined && wanted !== stars) {
    const missing = failedStatic.length === 0 ? '' : ` (${failedStatic.join(', ')})`;
    return unavailable(
      `The page asks for ${wanted} stars but they are ${stars}: the style sheet did not load${missing}.`,
    );
  }
  const version = pod === null ? undefined : versionIn(pod);
  if (version !== undefined && version !== {black: 'v2', red: 'v3'}[stars]) {
    return unavailable(`The stars are ${stars}, but the pod ${pod} served the reviews.`);
  }
  const error = errors.find(text => text.startsWith('Ratings service'));
  return error === undefined
    ? {stars}
    : {stars, remark: `One of the reviews has no stars: ${sentence(error)}`};
}

/** Names a computed colour. The page's red is rgb(239, 68, 68); before Bookinfo 1.20 it was rgb(255, 0, 0). */
function nameOf(colour: string): 'black' | 'red' | undefined {
  const [red = -1, green = -1, blue = -1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  if (red < 0 || green < 0 || blue < 0) return undefined;
  if (Math.max(red, green, blue) < 50) return 'black';
  return red >= 180 && Math.max(green, blue) <= 100 ? 'red' : undefined;
}

/** `v2` in `reviews-v2-7d8f…`; undefined where a pod's name says nothing. */
function versionIn(pod: string): string | undefined {
  return /^reviews-(v[123])-/.exec(pod)?.[1];
}

function unavailable(remark: string): Judgement {
  return {stars: 'unavailable', remark};
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
