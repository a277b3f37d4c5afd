import type {KubeObject} from '../objects.ts';
import type {WriteContext} from './operations.ts';
import type {ServedType} from './served-type.ts';

export function trackUpdate(_options: {
  type: ServedType;
  object: KubeObject;
  previous: KubeObject | undefined;
  context: WriteContext;
  now: number;
  subresource?: string;
}): void {}
