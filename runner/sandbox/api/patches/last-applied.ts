import {copyJson, equalJson} from '../../json.ts';
import type {KubeObject} from '../../objects.ts';
import {ownedFields} from '../managed-fields.ts';
import type {FieldSet} from './field-sets.ts';
import type {Shape} from './shape.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** The one manager that goes on from its own client-side apply. */
const manager = 'kubectl';

/**
 * The fields that kubectl's client-side apply set and nobody has changed since: its server-side apply takes them
 * over without a conflict, as the API server's field manager does.
 */
export function lastAppliedFields(options: {
  shape: Shape;
  hasStatus: boolean;
  live: KubeObject;
  present: FieldSet;
  manager: string;
}): FieldSet {
  const {shape, hasStatus, live, present} = options;
  const last = options.manager === manager ? lastApplied(live) : undefined;
  if (last?.apiVersion !== live.apiVersion) return new Map();
  const fields = ownedFields(shape, last as KubeObject, '', hasStatus);
  return new Map([...fields].filter(([key, {value}]) => equalJson(present.get(key)?.value, value)));
}

/** Keeps the annotation of an earlier client-side apply in step with what kubectl applies on the server. */
export function updateLastApplied(
  object: KubeObject,
  options: {live: KubeObject | undefined; applied: KubeObject; manager: string},
): void {
  const {live, applied} = options;
  if (options.manager !== manager || live?.metadata.annotations?.[annotation] === undefined) return;
  const value = copyJson(applied);
  delete value.metadata.managedFields;
  delete value.metadata.annotations?.[annotation];
  object.metadata.annotations = {...object.metadata.annotations, [annotation]: `${JSON.stringify(value)}\n`};
}

function lastApplied(live: KubeObject): KubeObject | undefined {
  try {
    return JSON.parse(live.metadata.annotations?.[annotation] ?? '') as KubeObject;
  } catch {
    return undefined;
  }
}
