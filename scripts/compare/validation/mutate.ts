import type {IstioObject} from '../../../runner/istio/types.ts';
import type {CustomSchema} from '../../../runner/sandbox/api/schema/schema-types.ts';
import type {Choices} from '../cases/random.ts';
import {drawValue, drawWithin, entryOf, type Field, isObject, itemOf, propertyOf} from './draw-value.ts';

type Container = Record<string | number, unknown>;

/** A place in an object: what stands there, and what its kind says about it. */
interface Place {
  owner: Container;
  key: string | number;
  value: unknown;
  field: Field;
}

/** The object with one to three mistakes, or oddities, in it: any field that the schema has may get one. */
export function mutate(drawn: Choices, object: IstioObject, schema: CustomSchema): IstioObject {
  const copy: IstioObject = structuredClone(object);
  const count = drawn.one([1, 1, 1, 2, 3]);
  for (let change = 0; change < count; change += 1) {
    if (drawn.chance(0.06)) mutateMetadata(drawn, copy);
    else mutateSpec(drawn, copy, schema);
  }
  return copy;
}

function mutateSpec(drawn: Choices, object: IstioObject, schema: CustomSchema): void {
  const {one, upTo} = drawn;
  const root: Field = {kind: object.kind, name: '', schema};
  const spec = propertyOf(root, 'spec');
  object.spec ??= {};
  const whole: Place = {owner: object, key: 'spec', value: object.spec, field: spec};
  const places = placesOf(whole);
  const objects = [whole, ...places].filter(({value, field}) => field.schema.properties && isObject(value));
  const lists = places.filter(({value}) => Array.isArray(value) && value.length > 0);
  const roll = upTo(100);
  if (roll < 25) object.spec = drawWithin(drawn, object.spec, spec);
  else if (roll < 50) {
    const {value, field} = one(objects);
    const name = one(Object.keys(field.schema.properties ?? {}));
    (value as Container)[name] = drawValue(drawn, propertyOf(field, name));
  } else if (roll < 80 && places.length > 0) {
    const {owner, key, field} = one(places);
    owner[key] = drawValue(drawn, field);
  } else if (roll < 90 && lists.length > 0) {
    const list = one(lists).value as unknown[];
    list.splice(upTo(list.length + 1), 0, structuredClone(one(list)));
  } else if (places.length > 0) remove(one(places));
}

function remove({owner, key}: Place): void {
  if (Array.isArray(owner)) owner.splice(Number(key), 1);
  else delete owner[key];
}

/** Every place within a value that its schema knows. */
function placesOf({value, field}: Place): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const owner = value as Container;
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  return entries.flatMap(([key, inner]) => {
    const own = Array.isArray(value)
      ? itemOf(field)
      : field.schema.properties?.[key]
        ? propertyOf(field, String(key))
        : entryOf(field);
    const place: Place = {owner, key, value: inner, field: own};
    return [place, ...placesOf(place)];
  });
}

const annotations = [
  {'istio.io/dry-run': 'true'},
  {'istio.io/dry-run': 'maybe'},
  {'internal.istio.io/parents': 'a'},
  {'internal.istio.io/parent-namespace': 'a'},
  {'internal.istio.io/webhook-always-reject': ''},
];
const labels = [
  {'networking.istio.io/enable-autoallocate-ip': 'false'},
  {'istio.io/use-waypoint': 'waypoint'},
  {'istio.io/use-waypoint': 'none'},
];

function mutateMetadata({one, upTo}: Choices, {metadata}: IstioObject): void {
  const roll = upTo(3);
  if (roll === 0) metadata.annotations = one(annotations) as unknown as Record<string, string>;
  else if (roll === 1) metadata.labels = one(labels) as unknown as Record<string, string>;
  else metadata.name = one(['a.b', 'x'.repeat(64), 'plain']);
}
