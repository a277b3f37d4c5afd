import {parse} from 'yaml';
import type {MeshConfig} from './snapshot.ts';
import type {IstioObject} from './types.ts';

/** Reads the mesh configuration out of the ConfigMap `istio`; what is absent or unreadable keeps its default. */
export function readMeshConfig(configMap: IstioObject | undefined): Partial<MeshConfig> {
  const text: unknown = configMap?.['data']?.mesh;
  if (typeof text !== 'string') return {};
  let mesh: any;
  try {
    mesh = parse(text) ?? {};
  } catch {
    return {};
  }
  return {
    ...(mesh.rootNamespace ? {rootNamespace: mesh.rootNamespace} : {}),
    ...(mesh.trustDomain ? {trustDomain: mesh.trustDomain} : {}),
    ...(mesh.outboundTrafficPolicy?.mode === 'REGISTRY_ONLY' ? {outboundTrafficPolicy: 'REGISTRY_ONLY'} : {}),
    ...(mesh.enableAutoMtls === false ? {enableAutoMtls: false} : {}),
    ...(mesh.accessLogFile ? {accessLogFile: mesh.accessLogFile} : {}),
    ...(mesh.accessLogEncoding === 'JSON' ? {accessLogEncoding: 'JSON'} : {}),
    ...(mesh.accessLogFormat ? {accessLogFormat: mesh.accessLogFormat} : {}),
  };
}
