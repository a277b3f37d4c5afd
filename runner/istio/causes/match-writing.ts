import type {RouteRequest} from '../match.ts';
import {type HttpMatch, type ObjectRef, refOf, type StringMatch, type VirtualService} from '../types.ts';
import type {Candidate} from './cause.ts';
import {change, objectName, showCommand} from './cause.ts';
import type {Scene} from './hop.ts';
import {virtualServicesFor, winnerOf} from './lookup.ts';
import {withChanged} from './mend.ts';
import type {Detector} from './wrong.ts';

/** Conditions that are valid and mean something else than whoever wrote them thinks. */
export const matchWritingDetector: Detector = (scene, wrong) => {
  const [first] = wrong;
  if (!first) return [];
  const winner = winnerOf(scene, first.prediction);
  const owners = winner ? [winner] : virtualServicesFor(scene);
  const users = new Set(scene.hop.requests.flatMap(({headers}) => headers['end-user'] ?? []));
  return owners.flatMap(owner =>
    (owner.spec?.http ?? []).flatMap((rule, index) =>
      (rule.match ?? []).flatMap((match, entry) => {
        const place: Place = {scene, ref: refOf(owner), index, entry};
        return [
          ...stars(place, match),
          ...amongHeaders(place, match),
          ...amongQuery(place, match, first.prediction.request),
          ...conditionless(place, match, [...users]),
        ];
      }),
    ),
  );
};

interface Place {
  scene: Scene;
  ref: ObjectRef;
  index: number;
  entry: number;
}

function edited({scene, ref, index, entry}: Place, edit: (match: HttpMatch) => void) {
  return withChanged<VirtualService>(scene.snapshot, ref, copy => {
    const found = copy.spec?.http?.[index]?.match?.[entry];
    if (found) edit(found);
  });
}

const baseOf = ({ref}: Place) => ({object: objectName(ref), command: showCommand(ref)});
const pathOf = ({index, entry}: Place) => `spec.http[${index}].match[${entry}]`;

/** `prefix: /static/*` waits for a star, which no request has. */
function stars(place: Place, match: HttpMatch): readonly Candidate[] {
  const written: readonly (readonly [path: string, wants: StringMatch | undefined])[] = [
    ...(['uri', 'authority', 'method', 'scheme'] as const).map(name => [name, match[name]] as const),
    ...Object.entries(match.headers ?? {}).map(([name, wants]) => [`headers.${name}`, wants] as const),
    ...Object.entries(match.queryParams ?? {}).map(
      ([name, wants]) => [`queryParams.${name}`, wants] as const,
    ),
  ];
  return written.flatMap(([path, wants]): readonly Candidate[] => {
    const kind = wants?.exact === undefined ? 'prefix' : 'exact';
    const text = wants?.[kind];
    if (!text?.endsWith('*')) return [];
    const bare = text.replace(/\*+$/, '');
    const better: StringMatch = {prefix: bare};
    return [
      {
        ...baseOf(place),
        code: 'star-taken-literally',
        sentence: `A rule waits for "${text}" with the star itself, which no request has.`,
        look: 'exact and prefix take every character as it stands; a prefix needs no star behind it.',
        fix:
          kind === 'prefix'
            ? change(`${pathOf(place)}.${path}.prefix`, text, bare)
            : `${pathOf(place)}.${path}: ${JSON.stringify({exact: text})} -> ${JSON.stringify(better)}`,
        // Whoever writes one star writes it everywhere.
        mended: withoutStars(place),
      },
    ];
  });
}

function withoutStars({scene, ref}: Place) {
  const mend = (wants: StringMatch) => {
    const text = wants.exact ?? wants.prefix;
    if (!text?.endsWith('*')) return;
    delete wants.exact;
    wants.prefix = text.replace(/\*+$/, '');
  };
  return withChanged<VirtualService>(scene.snapshot, ref, copy => {
    for (const {match = []} of copy.spec?.http ?? []) {
      for (const {uri, authority, method, scheme, headers = {}, queryParams = {}} of match) {
        for (const wants of [uri, authority, method, scheme]) if (wants) mend(wants);
        for (const wants of [...Object.values(headers), ...Object.values(queryParams)]) mend(wants);
      }
    }
  });
}

const ownFields = ['uri', 'method', 'scheme', 'authority'] as const;

/** `headers: {uri: …}` asks for a header of that name; the path is a condition beside headers. */
function amongHeaders(place: Place, {headers = {}}: HttpMatch): readonly Candidate[] {
  return ownFields.flatMap((name): readonly Candidate[] => {
    const written = Object.keys(headers).find(each => each.toLowerCase().replace(/^:/, '') === name);
    const wants = written === undefined ? undefined : headers[written];
    if (written === undefined || !wants) return [];
    return [
      {
        ...baseOf(place),
        code: 'condition-misplaced',
        sentence: `A rule asks for a header called "${written}", which no request carries: ${name} is a condition of its own.`,
        look: 'uri, method, scheme and authority stand beside headers, one level further out.',
        fix: `${pathOf(place)}: headers.${written} -> ${name}`,
        mended: edited(place, match => {
          delete match.headers?.[written];
          if (Object.keys(match.headers ?? {}).length === 0) delete match.headers;
          match[name] = wants;
        }),
      },
    ];
  });
}

/** `queryParams: {end-user: …}` asks for what stands behind the question mark. */
function amongQuery(
  place: Place,
  {queryParams = {}}: HttpMatch,
  {headers}: RouteRequest,
): readonly Candidate[] {
  return Object.entries(queryParams).flatMap(([name, wants]): readonly Candidate[] => {
    const isHeader = name.toLowerCase() === 'end-user' || headers[name.toLowerCase()] !== undefined;
    if (!isHeader) return [];
    return [
      {
        ...baseOf(place),
        code: 'condition-misplaced',
        sentence: `A rule asks for "${name}" behind the question mark of the address, and requests carry it as a header.`,
        look: 'queryParams is what stands behind ? in the path; headers are a condition of their own.',
        fix: `${pathOf(place)}: queryParams.${name} -> headers.${name}`,
        mended: edited(place, match => {
          delete match.queryParams?.[name];
          if (Object.keys(match.queryParams ?? {}).length === 0) delete match.queryParams;
          match.headers = {...match.headers, [name]: wants};
        }),
      },
    ];
  });
}

/** An entry without any condition fits every request: what was meant as one stands elsewhere, or was thrown away. */
function conditionless(place: Place, match: HttpMatch, users: readonly string[]): readonly Candidate[] {
  const conditions = Object.keys(match).filter(key => !['name', 'statPrefix', 'ignoreUriCase'].includes(key));
  if (conditions.length > 0) return [];
  return users.map(user => ({
    ...baseOf(place),
    code: 'condition-misplaced' as const,
    sentence: `${match.name === undefined ? 'An entry of match is empty' : `The entry of match named "${match.name}" has a name alone`}, so it fits every request.`,
    look: 'A condition stands within the entry itself: what kubectl warned of as an unknown field is not kept.',
    fix: `${pathOf(place)}: add {"headers":{"end-user":{"exact":"${user}"}}}`,
    mended: edited(place, copy => {
      copy.headers = {'end-user': {exact: user}};
    }),
  }));
}
