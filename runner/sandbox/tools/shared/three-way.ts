import {mergeRule} from './merge-keys.ts';

type Data = Record<string, any>;

function isMap(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two JSON values are the same, whatever the order of their keys. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => sameJson(item, right[index]))
    );
  }
  if (!isMap(left) || !isMap(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every(key => key in right && sameJson(left[key], right[key]))
  );
}

interface Scope {
  kind: string;
  /** Custom resources have atomic lists only. */
  custom: boolean;
  path: readonly string[];
}

function mergeMaps(original: Data, modified: Data, live: Data, scope: Scope): Data {
  const result: Data = {...live};
  for (const key of Object.keys(original)) {
    if (!(key in modified) || modified[key] === null) delete result[key];
  }
  for (const [key, value] of Object.entries(modified)) {
    if (value === null) delete result[key];
    else result[key] = mergeValues(original[key], value, live[key], {...scope, path: [...scope.path, key]});
  }
  return result;
}

function mergeLists(original: any[], modified: any[], live: any[], key: string, scope: Scope): any[] {
  const keyOf = (item: any) => JSON.stringify(item?.[key]);
  const wanted = modified.map(item => {
    const was = original.find(other => keyOf(other) === keyOf(item));
    const is = live.find(other => keyOf(other) === keyOf(item));
    return is === undefined ? item : mergeValues(was, item, is, scope);
  });
  const listed = new Set(modified.map(keyOf));
  const dropped = new Set(original.map(keyOf));
  const others = live.filter(item => !listed.has(keyOf(item)) && !dropped.has(keyOf(item)));
  return [...wanted, ...others];
}

function mergeValues(original: any, modified: any, live: any, scope: Scope): any {
  if (isMap(modified) && isMap(live)) {
    const rule = scope.custom ? undefined : mergeRule(scope.kind, scope.path);
    if (rule?.type === 'retain-keys') {
      const kept = Object.fromEntries(Object.entries(live).filter(([key]) => key in modified));
      return mergeMaps({}, modified, kept, scope);
    }
    return mergeMaps(isMap(original) ? original : {}, modified, live, scope);
  }
  if (Array.isArray(modified) && Array.isArray(live) && !scope.custom) {
    const rule = mergeRule(scope.kind, scope.path);
    const before = Array.isArray(original) ? original : [];
    if (rule?.type === 'keyed') return mergeLists(before, modified, live, rule.key, scope);
    if (rule?.type === 'set')
      return [...new Set([...live.filter(item => !before.includes(item)), ...modified])];
  }
  return modified;
}

/**
 * Client-side apply: what the live object should become, given the manifest applied last and the one applied
 * now. What others have set and the manifest never named stays.
 */
export function threeWayMerge(options: {
  original: Data | undefined;
  modified: Data;
  live: Data;
  custom: boolean;
}): Data {
  const {original = {}, modified, live, custom} = options;
  return mergeMaps(original, modified, live, {kind: String(modified['kind'] ?? ''), custom, path: []});
}

/** The JSON merge patch (RFC 7386) from one object to another; undefined when they are the same. */
export function mergePatch(from: Data, to: Data): Data | undefined {
  const patch: Data = {};
  for (const key of Object.keys(from)) {
    if (!(key in to)) patch[key] = null;
  }
  for (const [key, value] of Object.entries(to)) {
    if (sameJson(from[key], value)) continue;
    if (isMap(value) && isMap(from[key])) {
      const inner = mergePatch(from[key], value);
      if (inner) patch[key] = inner;
    } else {
      patch[key] = value;
    }
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** Applies a JSON merge patch. */
export function applyMergePatch(target: any, patch: any): any {
  if (!isMap(patch)) return patch;
  const result: Data = isMap(target) ? {...target} : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(result[key], value);
  }
  return result;
}
