import type {VirtualService} from '../../types.ts';
import {placed} from '../../way/objects.ts';
import {change, objectName, showCommand} from '../cause.ts';
import {withChanged} from '../mend.ts';
import {calleeOf, type Mechanism} from './mechanism.ts';

/** Faults that hit this visitor: an abort, and a delay that is longer than those who wait for it wait. */
export const faults: Mechanism = ({snapshot, visitor, hop}) => {
  const {fault} = hop;
  if (!fault || fault.withoutEffect || hop.decision.kind !== 'rule') return [];
  const {object} = fault.at;
  const rule = placed(fault.at.path);
  const edited = (edit: (written: any) => void) =>
    withChanged<VirtualService>(snapshot, object, copy => {
      const written = copy.spec?.http?.[rule]?.fault;
      if (written) edit(written);
    });
  const base = {object: objectName(object), command: showCommand(object)};
  const who = `${visitor}'s call of ${hop.from.app} to ${calleeOf(hop)}`;
  const {abort, delay} = fault;
  return [
    ...(abort && abort.percentage > 0
      ? [
          {
            ...base,
            code: 'fault-injected' as const,
            sentence: `${who} is answered by an injected fault: ${abort.status} for ${abort.percentage} %.`,
            look: 'The fault comes before the route, so that no retry of the same rule helps.',
            fix: `spec.http[${rule}].fault.abort: take it away`,
            mended: edited(written => delete written.abort),
          },
        ]
      : []),
    ...(delay && delay.percentage > 0
      ? [
          {
            ...base,
            code: 'delay-too-long' as const,
            sentence: `${who} comes ${delay.ms / 1000} s late by an injected delay, and the page does not wait that long.`,
            look: 'productpage waits 3 s for each of two tries, reviews v2 10 s for ratings, reviews v3 2.5 s.',
            fix: change(
              `spec.http[${rule}].fault.delay.fixedDelay`,
              `${delay.ms / 1000}s`,
              shorter(delay.ms),
            ),
            mended: edited(written => {
              written.delay.fixedDelay = shorter(delay.ms);
            }),
          },
        ]
      : []),
  ];
};

/** Shorter than the most impatient of Bookinfo's programs waits. */
function shorter(ms: number): string {
  return ms > 2000 ? '2s' : `${ms / 2000}s`;
}
