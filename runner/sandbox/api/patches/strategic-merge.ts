import {mergePatch} from './merge-patch.ts';

export function strategicMerge(_kind: string, current: unknown, patch: unknown): unknown {
  return mergePatch(current, patch);
}
