import {isMap} from '../../json.ts';
import {mergeRule} from './merge-keys.ts';

type Data = Record<string, any>;

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
