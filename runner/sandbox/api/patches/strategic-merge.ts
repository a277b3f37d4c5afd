import {equalJson, isMap} from '../../json.ts';
import {badRequest} from '../failures.ts';
import type {Shape} from './shape.ts';

type Json = Record<string, unknown>;

const setOrder = '$setElementOrder/';
const deletePrimitives = '$deleteFromPrimitiveList/';

/**
 * Strategic merge patch: maps recurse, `null` removes, lists merge by their key where the API declares one, and
 * the `$` directives are obeyed and never stored. Returns a new value.
 * @throws ApiError 400 for a list item without its merge key, or an unknown directive.
 */
export function strategicMerge(shape: Shape, original: unknown, patch: Json): unknown {
  return mergeMap(shape, isMap(original) ? original : {}, patch);
}

function mergeMap(shape: Shape, original: Json, patch: Json): Json {
  const directive = patch['$patch'];
  if (directive === 'replace') return clean(shape, withoutKey(patch, '$patch')) as Json;
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') throw badRequest(`Unknown patch type: ${directive}`);
  const result: Json = {...original};
  retainKeys(result, patch['$retainKeys']);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(deletePrimitives)) removeValues(result, key.slice(deletePrimitives.length), value);
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete result[key];
    else result[key] = mergeValue(shape.field(key), result[key], value, patch[`${setOrder}${key}`]);
  }
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(setOrder)) continue;
    const name = key.slice(setOrder.length);
    if (patch[name] !== undefined || !Array.isArray(result[name]) || !Array.isArray(order)) continue;
    const inner = shape.field(name);
    result[name] = inOrder(inner, result[name], order, result[name]);
  }
  return result;
}

function mergeValue(shape: Shape, original: unknown, patch: unknown, order: unknown): unknown {
  if (isMap(patch) && isMap(original)) return mergeMap(shape, original, patch);
  if (!Array.isArray(patch) || shape.mergeKey === undefined) return clean(shape, patch);
  const live = Array.isArray(original) ? original : [];
  const merged = shape.mergeKey === '' ? union(live, patch) : mergeList(shape, live, patch);
  return Array.isArray(order) ? inOrder(shape, merged, order, live) : merged;
}

function mergeList(shape: Shape, original: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const key = shape.mergeKey as string;
  const items = patch.filter(isMap);
  if (items.some(item => item['$patch'] === 'replace')) {
    return items.filter(item => item['$patch'] !== 'replace').map(item => clean(shape.item(), item));
  }
  const result: unknown[] = [...original];
  for (const item of items) {
    if (item[key] === undefined) {
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    }
    const index = result.findIndex(each => isMap(each) && equalJson(each[key], item[key]));
    if (item['$patch'] === 'delete') {
      if (index >= 0) result.splice(index, 1);
    } else if (index >= 0) result[index] = mergeMap(shape.item(), result[index] as Json, item);
    else result.push(clean(shape.item(), item));
  }
  return result;
}

/**
 * Brings the items that the patch orders into that order; those that only the server has keep their place
 * among them, as far as the server's own order says one.
 */
function inOrder(
  shape: Shape,
  items: readonly unknown[],
  order: readonly unknown[],
  live: readonly unknown[],
): unknown[] {
  const identity = (item: unknown) =>
    shape.mergeKey && isMap(item) ? JSON.stringify(item[shape.mergeKey]) : JSON.stringify(item);
  const wanted = order.map(identity);
  const before = live.map(identity);
  const ordered = items
    .filter(item => wanted.includes(identity(item)))
    .sort((a, b) => wanted.indexOf(identity(a)) - wanted.indexOf(identity(b)));
  const others = items.filter(item => !wanted.includes(identity(item)));
  const result: unknown[] = [];
  while (ordered.length > 0 && others.length > 0) {
    const mine = before.indexOf(identity(ordered[0]));
    const theirs = before.indexOf(identity(others[0]));
    result.push(mine >= 0 && theirs >= 0 && theirs < mine ? others.shift() : ordered.shift());
  }
  return [...result, ...ordered, ...others];
}

/** What a patch adds where nothing was: without its directives, its nulls and what it deletes. */
function clean(shape: Shape, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .filter(item => !(isMap(item) && (item['$patch'] === 'delete' || item['$patch'] === 'replace')))
      .map(item => clean(shape.item(), item));
  }
  if (!isMap(value)) return value;
  const result: Json = {};
  for (const [key, child] of Object.entries(value)) {
    if (child !== null && !isDirective(key)) result[key] = clean(shape.field(key), child);
  }
  return result;
}

function isDirective(key: string): boolean {
  return (
    key === '$patch' || key === '$retainKeys' || key.startsWith(setOrder) || key.startsWith(deletePrimitives)
  );
}

function retainKeys(result: Json, keep: unknown): void {
  if (!Array.isArray(keep)) return;
  for (const key of Object.keys(result)) if (!keep.includes(key)) delete result[key];
}

function removeValues(result: Json, name: string, values: unknown): void {
  const list = result[name];
  if (!Array.isArray(list) || !Array.isArray(values)) return;
  result[name] = list.filter(item => !values.some(value => equalJson(item, value)));
}

function union(original: readonly unknown[], patch: readonly unknown[]): unknown[] {
  return [...original, ...patch.filter(item => !original.some(each => equalJson(each, item)))];
}

function withoutKey(map: Json, key: string): Json {
  const {[key]: _, ...rest} = map;
  return rest;
}
