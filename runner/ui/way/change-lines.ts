import {type MeshChange, sameSights} from '../../checks/mesh-moment.ts';
import type {Hop, PageWay} from '../../checks/page-way.ts';
import {wrapBehind, wrapLines} from '../markdown/wrap.ts';
import type {WayLinesOptions} from './way-lines.ts';
import {
  agoText,
  answersText,
  decisionText,
  destinationTexts,
  percent,
  placeText,
  seconds,
  sightText,
} from './words.ts';

type PageChange = MeshChange['pages'][number];

/** The last change to the mesh: its objects, and before and after for each visitor. */
export function changeLines(
  change: MeshChange | undefined,
  {width, paint}: WayLinesOptions,
): readonly string[] {
  if (!change) return wrapLines('The workshop has seen no change of the mesh yet.', width);
  const objects = change.objects.map(({object, what}) => `${placeText({object})} was ${what}`);
  const {by, ago} = change;
  const made = [
    ...(ago === undefined ? [] : [`${agoText(ago)} ago`]),
    ...(by === undefined ? [] : [`by ${by}`]),
  ];
  const when = made.length === 0 ? '' : ` (${made.join(', ')})`;
  const moved = change.pages.filter(page => !sameSights(page.before.sees, page.after.sees));
  return [
    ...wrapLines(
      paint.title(objects.length > 0 ? `The last change${when}: ${objects.join(', ')}.` : 'The last change:'),
      width,
    ),
    ...change.pages.flatMap(page =>
      wrapBehind('  ', 2, wrapLines(`${page.visitor}: ${pageText(page)}`, width - 2)),
    ),
    ...(moved.length === 0 ? wrapLines("Nobody's page is another one.", width) : []),
  ];
}

function pageText({before, after, hop}: PageChange): string {
  if (sameSights(before.sees, after.sees)) return `still ${shortText(after)}`;
  const since = hop ? `, since ${reasonText(hop)}` : '';
  return `${shortText(before)} → ${shortText(after)}${since}`;
}

/** `v2`, or with shares: `v1 50 %, v3 50 %`; what is wrong in words. */
function shortText(way: PageWay): string {
  const {sees} = way;
  const texts = sees.map(sight => {
    const whole = sight.reviews === 'none' || sight.reviews === 'black' || sight.reviews === 'red';
    const late = sight.ms > 0 ? ` after ${seconds(sight.ms)}` : '';
    const what =
      whole && sight.version && sight.details !== 'missing'
        ? `${sight.version}${late}`
        : sightText(sight, way);
    return sees.length === 1 ? what : `${what} ${percent(sight.share)}`;
  });
  return `${texts.join(', ')}${sees.length === 1 ? ' for every request' : ''}`;
}

/** Why a call goes elsewhere now, or ends otherwise. */
function reasonText({before, after}: {before: Hop; after: Hop}): string {
  const faults = [before, after].map(({fault}) =>
    fault && !fault.withoutEffect ? placeText(fault.at) : undefined,
  );
  if (faults[0] !== faults[1]) {
    return faults[1] === undefined ? `${faults[0]} is gone` : `${faults[1]} is in the way`;
  }
  const [then, now] = [decisionText(before), decisionText(after)];
  if (now !== then) return `${now} (before: ${then})`;
  const [led, leads] = [before, after].map(hop => destinationTexts(hop).join(', '));
  if (led !== leads) return `${now} leads ${leads} (before: ${led})`;
  return `${after.request.host} answers ${answersText(after)} (before: ${answersText(before)})`;
}
