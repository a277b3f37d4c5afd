import {distance} from '../../nearest.ts';
import {type ObjectRef, refOf, type StringMatch, type VirtualService} from '../types.ts';
import type {Candidate} from './cause.ts';
import {change, objectName, showCommand} from './cause.ts';
import type {Scene} from './hop.ts';
import {winnerOf} from './lookup.ts';
import {withChanged} from './mend.ts';
import type {Detector, WrongRequest} from './wrong.ts';

/** Header conditions that a request misses by a little: another name, another case, a letter off. */
export const headerDetector: Detector = (scene, wrong) =>
  wrong.flatMap(request => {
    const owner = winnerOf(scene, request.prediction);
    if (!owner) return [];
    const rules = owner.spec?.http ?? [];
    return rules.flatMap((rule, index) =>
      (rule.match ?? []).flatMap((match, entry) =>
        Object.entries(match.headers ?? {}).flatMap(([name, wants]) =>
          ofHeader(scene, request, {ref: refOf(owner), index, entry, name, wants}),
        ),
      ),
    );
  });

interface WrittenHeader {
  ref: ObjectRef;
  index: number;
  entry: number;
  name: string;
  wants: StringMatch;
}

function ofHeader(scene: Scene, {asked}: WrongRequest, written: WrittenHeader): readonly Candidate[] {
  const value = asked.headers[written.name.toLowerCase()];
  if (value !== undefined) return valueCause(scene, asked.who, value, written);
  const named = Object.entries(asked.headers)
    .filter(([, found]) => fits(written.wants, found))
    .map(([name]) => nameCause(scene, name, written));
  return named.length > 0 ? named : notSent(scene, asked, written);
}

/** Something that no visitor's request carries, such as a cookie of old, where the name of who is signed in was meant. */
function notSent(
  {snapshot}: Scene,
  {who, headers}: WrongRequest['asked'],
  {ref, index, entry, name}: WrittenHeader,
): readonly Candidate[] {
  const signedIn = headers['end-user'];
  if (signedIn === undefined) return [];
  return [
    {
      code: 'header-name',
      sentence: `A rule looks at the header "${name}", in which the call of ${who} does not say who is signed in.`,
      look: 'The caller sends the name of the signed-in person in the header end-user.',
      object: objectName(ref),
      fix: `spec.http[${index}].match[${entry}].headers: ${JSON.stringify(name)} -> {"end-user":{"exact":"${signedIn}"}}`,
      command: showCommand(ref),
      mended: withChanged<VirtualService>(snapshot, ref, copy => {
        const headersThere = copy.spec?.http?.[index]?.match?.[entry]?.headers;
        if (!headersThere) return;
        delete headersThere[name];
        headersThere['end-user'] = {exact: signedIn};
      }),
    },
  ];
}

function valueCause(
  {snapshot}: Scene,
  who: string,
  value: string,
  {ref, index, entry, name, wants}: WrittenHeader,
): readonly Candidate[] {
  const kind = wants.exact !== undefined ? 'exact' : 'prefix';
  const text = wants[kind];
  if (text === undefined || fits(wants, value) || !isClose(text, value)) return [];
  return [
    {
      code: 'header-value',
      sentence: `A rule waits for "${text}" in the header ${name}, and ${who} sends "${value}".`,
      look: 'The value of a header counts letter by letter, capitals included.',
      object: objectName(ref),
      fix: change(`spec.http[${index}].match[${entry}].headers.${name}.${kind}`, text, value),
      command: showCommand(ref),
      mended: withChanged<VirtualService>(snapshot, ref, copy => {
        const headers = copy.spec?.http?.[index]?.match?.[entry]?.headers;
        if (headers) headers[name] = {[kind]: value};
      }),
    },
  ];
}

function nameCause(
  {snapshot}: Scene,
  right: string,
  {ref, index, entry, name, wants}: WrittenHeader,
): Candidate {
  return {
    code: 'header-name',
    sentence: `A rule looks at the header "${name}", which the request does not carry.`,
    look: `The caller sends the name of the signed-in person in the header ${right}.`,
    object: objectName(ref),
    fix: change(`spec.http[${index}].match[${entry}].headers`, name, right),
    command: showCommand(ref),
    mended: withChanged<VirtualService>(snapshot, ref, copy => {
      const headers = copy.spec?.http?.[index]?.match?.[entry]?.headers;
      if (!headers) return;
      delete headers[name];
      headers[right] = wants;
    }),
  };
}

function fits({exact, prefix}: StringMatch, value: string): boolean {
  if (exact !== undefined) return exact === value;
  return prefix !== undefined && value.startsWith(prefix);
}

function isClose(written: string, value: string): boolean {
  const plain = written.trim().toLowerCase();
  return distance(plain, value.toLowerCase()) <= Math.max(1, Math.floor(value.length / 3));
}
