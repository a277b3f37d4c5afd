import type {IstioObject} from '../../../runner/istio/types.ts';
import {validateConfig} from '../../../runner/istio/validate/validate-config.ts';
import {defaultCustom, validateCustom} from '../../../runner/sandbox/api/schema/custom.ts';
import type {CustomSchema} from '../../../runner/sandbox/api/schema/schema-types.ts';
import {istioCrds} from '../../../runner/sandbox/crds/crds.ts';
import type {KubeObject} from '../../../runner/sandbox/objects.ts';
import type {Verdict} from './verdict.ts';

/** The release of Istio whose definitions the objects are drawn from and checked by. */
export const crdVersion = '1.30.3';

/** The schemas of Istio's kinds, in the version that each is stored in. */
export function istioSchemas(version: string): Map<string, CustomSchema> {
  return new Map(
    istioCrds(version).map(crd => {
      const {names, versions} = crd['spec'];
      const stored = versions.find((each: {storage?: boolean}) => each.storage) ?? versions[0];
      return [names.kind, stored.schema.openAPIV3Schema];
    }),
  );
}

/**
 * What an API server does before it asks a webhook: defaults, in place, and then the schema with its rules.
 * @returns why it refuses the object by itself; nothing when the webhook is asked
 */
export function checkByApi(schema: CustomSchema, object: IstioObject): string[] {
  const whole = object as KubeObject;
  defaultCustom(schema, whole);
  const unchecked: string[] = [];
  const errors = validateCustom(schema, whole, undefined, (place, rule, why) =>
    unchecked.push(`${place}: rule ${rule} not checked: ${why}`),
  );
  if (unchecked.length > 0) throw new Error(unchecked.join('\n'));
  return errors.map(({field, message}) => `${field}: ${message}`);
}

/** What the product's validator says, in place of istiod's webhook. */
export function askProduct(object: IstioObject): Verdict {
  const {refusal, warnings} = validateConfig(object);
  return {...(refusal === undefined ? {} : {refusal}), warnings};
}
