import type {KubeObject} from '../objects.ts';
import type {ResourceName} from './client.ts';

/** One write, on its way through admission. */
export interface AdmissionRequest {
  operation: 'CREATE' | 'UPDATE' | 'DELETE';
  resource: ResourceName;
  /** `status`, `scale`, ... or empty for the object itself. */
  subresource: string;
  namespace: string | undefined;
  name: string;
  /** What will be stored; `mutate` may change it in place. Absent on DELETE. */
  object: KubeObject | undefined;
  oldObject: KubeObject | undefined;
  dryRun: boolean;
  user: string;
  /** Becomes a `Warning` header, which kubectl prints. */
  warn(text: string): void;
}

/**
 * A step between validation of the request and the store. First every `mutate` runs in order, then defaulting
 * again, then every `validate`. Both refuse by throwing `ApiError`.
 */
export interface AdmissionPlugin {
  name: string;
  mutate?(request: AdmissionRequest): void;
  validate?(request: AdmissionRequest): void;
}
