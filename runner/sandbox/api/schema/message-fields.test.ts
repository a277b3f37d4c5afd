import {describe, expect, it} from 'vitest';
import {isScalar, jsonFields, messageFields, messageNameOf} from './message-fields.ts';

const opaque = ['meta.v1.Quantity', 'meta.v1.Time', 'meta.v1.MicroTime', 'meta.v1.IntOrString'];

describe('the table of API messages', () => {
  it('knows every message that a field names', () => {
    const seen = new Set<string>();
    const missing: string[] = [];
    const visit = (name: string, from: string) => {
      if (isScalar(name) || seen.has(name)) return;
      seen.add(name);
      const fields = messageFields(name);
      if (!fields) missing.push(`${name} (of ${from})`);
      for (const field of fields ?? []) visit(field.type, name);
    };
    for (const kind of [
      'v1 Pod',
      'apps/v1 Deployment',
      'batch/v1 CronJob',
      'v1 Node',
      'v1 PersistentVolume',
      'apiextensions.k8s.io/v1 CustomResourceDefinition',
      'admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy',
      'rbac.authorization.k8s.io/v1 ClusterRole',
      'autoscaling/v2 HorizontalPodAutoscaler',
      'coordination.k8s.io/v1 Lease',
    ]) {
      const [apiVersion = '', name = ''] = kind.split(' ');
      const message = messageNameOf(apiVersion, name);
      expect(message, kind).toBeDefined();
      visit(message ?? '', kind);
    }
    expect(missing).toEqual([]);
    expect(seen.size).toBeGreaterThan(200);
    expect(opaque.every(name => seen.has(name))).toBe(true);
  });

  it('reads numbers, lists, maps and pointers', () => {
    const spec = messageFields('core.v1.PodSpec') ?? [];
    expect(spec.find(field => field.name === 'containers')).toMatchObject({
      number: 2,
      repeated: true,
      type: 'core.v1.Container',
    });
    expect(spec.find(field => field.name === 'nodeSelector')).toMatchObject({
      number: 7,
      map: true,
      type: 'string',
    });
    expect(spec.find(field => field.name === 'hostNetwork')?.pointer).toBe(false);
    expect(messageFields('apps.v1.DeploymentSpec')?.find(field => field.name === 'replicas')?.pointer).toBe(
      true,
    );
  });

  it('flattens inline messages into their parent', () => {
    expect(jsonFields('core.v1.Volume')?.has('configMap')).toBe(true);
    expect(jsonFields('core.v1.Volume')?.has('volumeSource')).toBe(false);
    expect(jsonFields('core.v1.Probe')?.has('httpGet')).toBe(true);
  });
});
