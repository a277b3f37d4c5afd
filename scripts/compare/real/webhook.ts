import type {IstioObject} from '../../../runner/istio/types.ts';

/** The verdict of istiod's validation webhook. */
export interface Admission {
  allowed: boolean;
  /** Why not. */
  message?: string;
  warnings: string[];
}

/** The question that an API server asks the webhook when an object is created. */
export function admissionReview(object: IstioObject): unknown {
  const [group, version] = object.apiVersion.split('/');
  const {name, namespace} = object.metadata;
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: '1',
      kind: {group, version, kind: object.kind},
      operation: 'CREATE',
      name,
      namespace,
      object,
    },
  };
}
