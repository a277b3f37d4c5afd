import type {SeenBefore, ToldPage} from '../../checks/tell-page.ts';
import {wrapBehind, wrapLines} from '../markdown/wrap.ts';
import {causeLines} from '../step/check-lines.ts';
import {duration} from '../words.ts';
import {type WayLinesOptions, wayLines} from './way-lines.ts';

/** A page explained: what does not agree with the last check first, then the way, and what is the matter. */
export function pageLines({way, before, causes}: ToldPage, options: WayLinesOptions): readonly string[] {
  const {width, paint} = options;
  return [
    ...(before && !before.agrees ? wrapLines(paint.bad(differs(before, way.visitor)), width) : []),
    ...wayLines(way, options),
    ...(before?.agrees
      ? wrapBehind(
          options.shape === 'list' ? '' : '  ',
          options.shape === 'list' ? 0 : 2,
          wrapLines(`the last check, ${duration(before.ago)} ago, saw ${before.seen}`, width - 2),
        )
      : []),
    ...causeLines(causes, {width, paint}),
  ];
}

function differs({ago, seen, perhaps}: SeenBefore, visitor: string): string {
  return `The last check, ${duration(ago)} ago, saw something else for ${visitor}: ${seen}. Perhaps ${perhaps.join(', or ')}.`;
}
