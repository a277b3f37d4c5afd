import type {KubeObject} from '../objects.ts';

/** One change, in the order of `revision`. `previous` is what the place held before. */
export interface StoreEvent {
  revision: number;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: string;
  object: KubeObject;
  previous: KubeObject | undefined;
}
