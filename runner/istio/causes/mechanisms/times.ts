import type {VirtualService} from '../../types.ts';
import {placed} from '../../way/objects.ts';
import {change, objectName, showCommand} from '../cause.ts';
import {withChanged} from '../mend.ts';
import {calleeOf, type Mechanism} from './mechanism.ts';

/** A route that gives up before the answer can be there, and tries that add up to more than the caller waits for. */
export const times: Mechanism = ({snapshot, hop}) => [
  ...tooShort({snapshot, hop}),
  ...tooMany({snapshot, hop}),
];

type Given = Pick<Parameters<Mechanism>[0], 'snapshot' | 'hop'>;

function tooShort({snapshot, hop}: Given): ReturnType<Mechanism> {
  const {timeout, patience} = hop;
  if (!timeout || !hop.answers.some(({ending}) => ending === 'timeout')) return [];
  const {object} = timeout.at;
  const rule = placed(timeout.at.path);
  const longer = `${(patience?.ms ?? 10_000) / 1000}s`;
  return [
    {
      code: 'timeout-too-short',
      sentence: `The route to ${calleeOf(hop)} gives up after ${timeout.ms / 1000} s, and the answer takes longer.`,
      look: 'The proxy answers 504 with the flag UT; a program that asks twice waits twice as long for it.',
      object: objectName(object),
      fix: change(`spec.http[${rule}].timeout`, `${timeout.ms / 1000}s`, longer),
      command: showCommand(object),
      mended: withChanged<VirtualService>(snapshot, object, copy => {
        const written = copy.spec?.http?.[rule];
        if (written) written.timeout = longer;
      }),
    },
  ];
}

function tooMany({snapshot, hop}: Given): ReturnType<Mechanism> {
  const {retries, patience} = hop;
  if (!retries?.perTry || !retries.at || !patience) return [];
  const {object} = retries.at;
  const rule = placed(retries.at.path);
  const all = retries.perTry * (retries.attempts + 1);
  const edited = (edit: (written: any) => void) =>
    withChanged<VirtualService>(snapshot, object, copy => {
      const written = copy.spec?.http?.[rule]?.retries;
      if (written) edit(written);
    });
  const base = {
    code: 'retries-multiply' as const,
    look: 'perTryTimeout counts for each try, and the first one is a try too.',
    object: objectName(object),
    command: showCommand(object),
  };
  return [
    {
      ...base,
      sentence: `${retries.attempts + 1} tries of ${retries.perTry / 1000} s to ${calleeOf(hop)} add up to ${all / 1000} s, and ${hop.from.app} waits ${patience.ms / 1000} s.`,
      fix: change(`spec.http[${rule}].retries.attempts`, retries.attempts, 0),
      mended: edited(written => {
        written.attempts = 0;
      }),
    },
    {
      ...base,
      sentence: `Each try to ${calleeOf(hop)} ends after ${retries.perTry / 1000} s, and the answer takes longer.`,
      fix: `spec.http[${rule}].retries.perTryTimeout: take it away`,
      mended: edited(written => delete written.perTryTimeout),
    },
  ];
}
