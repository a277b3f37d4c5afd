import {equalJson, isMap} from './json.ts';

/** RFC 7386: maps recurse, `null` removes, everything else replaces. Returns a new value. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const result: Record<string, unknown> = isMap(target) ? {...target} : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else setOwn(result, key, applyMergePatch(Object.hasOwn(result, key) ? result[key] : undefined, value));
  }
  return result;
}

/** Sets a field of the object itself, whatever its name means to the language. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, {value, writable: true, enumerable: true, configurable: true});
}

/** The JSON merge patch (RFC 7386) from one object to another; undefined when they are the same. */
export function mergePatchBetween(
  from: Record<string, any>,
  to: Record<string, any>,
): Record<string, any> | undefined {
  const patch: Record<string, any> = {};
  for (const key of Object.keys(from)) {
    if (!Object.hasOwn(to, key)) setOwn(patch, key, null);
  }
  for (const [key, value] of Object.entries(to)) {
    const was = Object.hasOwn(from, key) ? from[key] : undefined;
    if (equalJson(was, value)) continue;
    setOwn(patch, key, isMap(value) && isMap(was) ? mergePatchBetween(was, value) : value);
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}
