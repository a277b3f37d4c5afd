import type {IstioObject} from '../../../runner/istio/types.ts';
import type {CustomSchema} from '../../../runner/sandbox/api/schema/schema-types.ts';
import {generate} from '../cases/generated.ts';
import {generateGateways} from '../cases/generated-gateways.ts';
import {type Choices, choices} from '../cases/random.ts';
import type {Rig} from '../real/rig.ts';
import {applied} from '../world/kubernetes-objects.ts';
import {goodObjects} from './good-objects.ts';
import {mutate} from './mutate.ts';
import {askProduct, checkByApi, crdVersion, istioSchemas} from './product.ts';
import {recorder} from './recorder.ts';
import {shrinkObject} from './shrink-object.ts';
import {type Disagreement, disagreement, type Verdict} from './verdict.ts';

export interface ValidationTotals extends Record<Disagreement, number> {
  /** Asked of the webhook. */
  objects: number;
  refused: number;
  /** Refused before that, by the schema and the rules of the CRD. */
  caughtByCrd: number;
}

interface ValidationOptions {
  seed: number;
  /** How many objects the webhook is asked about. */
  count: number;
  shrink: boolean;
  /** Where to keep an object for each thing that the webhook says. */
  record?: string;
  print(line: string): void;
}

/**
 * Asks both about mutated objects of every kind that the webhook sees, and prints each kind of disagreement once,
 * with the smallest object that has it. Objects go through the sandbox's own API checks first, as on a cluster.
 */
export async function compareValidation(
  rig: Pick<Rig, 'validate'>,
  {seed, count, shrink, record, print}: ValidationOptions,
): Promise<ValidationTotals> {
  const schemas = istioSchemas(crdVersion);
  const totals: ValidationTotals = {
    ...{objects: 0, refused: 0, caughtByCrd: 0},
    ...{verdict: 0, words: 0, warnings: 0},
  };
  const shown = new Set<string>();
  const both = (object: IstioObject) => askBoth(rig, object);
  const recorded = recorder(async object => {
    const schema = schemas.get(object.kind) as CustomSchema;
    return checkByApi(schema, object).length > 0 ? undefined : (await both(object)).real;
  });
  for (let number = 0; totals.objects < count; number += 1) {
    const object = drawObject(choices(Math.imul(seed, 104_729) + number), schemas, {seed, number});
    const schema = schemas.get(object.kind) as CustomSchema;
    if (checkByApi(schema, object).length > 0) {
      totals.caughtByCrd += 1;
      continue;
    }
    const verdicts = await both(object);
    totals.objects += 1;
    if (verdicts.real.refusal !== undefined) totals.refused += 1;
    if (record) await recorded.add(object, verdicts.real);
    const kind = disagreement(verdicts.real, verdicts.product);
    if (!kind) continue;
    totals[kind] += 1;
    const key = `${kind} ${outline(verdicts.real)} / ${outline(verdicts.product)}`;
    if (shown.has(key)) continue;
    shown.add(key);
    const stillDiffers = async (variant: IstioObject) => {
      if (checkByApi(schema, variant).length > 0) return false;
      const {real, product} = await both(variant);
      return disagreement(real, product) === kind;
    };
    const smallest = shrink ? await shrinkObject(object, stillDiffers) : object;
    const {real, product} = await both(smallest);
    print(
      `${kind.toUpperCase()} seed ${seed} #${number} ${smallest.kind} ${JSON.stringify(smallest.metadata)}`,
    );
    print(`   ${JSON.stringify(smallest.spec)}`);
    print(`   real:    ${textOf(real)}\n   product: ${textOf(product)}`);
  }
  if (record) print(`${recorded.write(record, {seed, count})} answers recorded in ${record}`);
  return totals;
}

/** Object N of a seed is always the same. */
function drawObject(
  drawn: Choices,
  schemas: ReadonlyMap<string, CustomSchema>,
  {seed, number}: {seed: number; number: number},
): IstioObject {
  const cases =
    drawn.chance(0.3) && (drawn.chance(0.7) ? generate(seed, number) : generateGateways(seed, number));
  const good = drawn.one(cases ? cases.objects : goodObjects);
  const [object] = applied([mutate(drawn, good, schemas.get(good.kind) as CustomSchema)]);
  return object as IstioObject;
}

/** How often the webhook is asked again, where the order of a map's entries may decide what it says. */
const most = 12;

async function askBoth(
  rig: Pick<Rig, 'validate'>,
  object: IstioObject,
): Promise<{real: Verdict; product: Verdict}> {
  const product = askProduct(object);
  let real = await askReal(rig, object);
  for (let again = 0; again < most && disagreement(real, product) === 'words'; again += 1) {
    real = await askReal(rig, object);
  }
  return {real, product};
}

async function askReal(rig: Pick<Rig, 'validate'>, object: IstioObject): Promise<Verdict> {
  const {allowed, message = '', warnings} = await rig.validate(object);
  return allowed ? {warnings} : {refusal: message, warnings: []};
}

/** What tells one kind of disagreement from another: the words without the values in them. */
function outline(verdict: Verdict): string {
  return textOf(verdict)
    .replaceAll(/"[^"]*"|\d+/g, '…')
    .slice(0, 120);
}

function textOf({refusal, warnings}: Verdict): string {
  return refusal === undefined
    ? `ok${warnings.map(text => ` WARN ${text}`).join('')}`
    : JSON.stringify(refusal);
}
