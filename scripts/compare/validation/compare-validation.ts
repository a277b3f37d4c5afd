import type {IstioObject} from '../../../runner/istio/types.ts';
import {validateConfig} from '../../../runner/istio/validate/validate-config.ts';
import {generate} from '../cases/generated.ts';
import {generateGateways} from '../cases/generated-gateways.ts';
import {choices} from '../cases/random.ts';
import type {Rig} from '../real/rig.ts';
import {applied} from '../world/kubernetes-objects.ts';
import {mutate} from './mutate.ts';

export interface ValidationTotals {
  objects: number;
  refused: number;
  /** One lets the object in, the other does not. */
  verdict: number;
  /** Both refuse it, in other words. */
  words: number;
  /** Both let it in, with other warnings. */
  warnings: number;
}

type Disagreement = 'verdict' | 'words' | 'warnings';

interface Verdict {
  errors: readonly string[];
  warnings: readonly string[];
}

/** Asks both about mutated objects, and prints each kind of disagreement once. */
export async function compareValidation(
  rig: Rig,
  {seed, count, print}: {seed: number; count: number; print: (line: string) => void},
): Promise<ValidationTotals> {
  const drawn = choices(seed);
  const totals: ValidationTotals = {objects: 0, refused: 0, verdict: 0, words: 0, warnings: 0};
  const shown = new Set<string>();
  for (let index = 0; index < count; index += 1) {
    const {objects} = index % 5 ? generate(seed, index) : generateGateways(seed, index);
    const [object] = applied([mutate(drawn, drawn.one(objects))]) as [IstioObject];
    const admission = await rig.validate(object);
    totals.objects += 1;
    if (!admission.allowed) totals.refused += 1;
    const real = {
      errors: admission.allowed ? [] : errorsOf(admission.message ?? ''),
      warnings: [...admission.warnings].sort(),
    };
    const found = validateConfig(object);
    const product = {errors: errorsOf(found.errors.join('\n')), warnings: [...found.warnings].sort()};
    const kind = disagreement(real, product);
    if (!kind) continue;
    totals[kind] += 1;
    const words = [...real.errors, '/', ...product.errors, ...(kind === 'warnings' ? real.warnings : [])];
    const key = `${kind} ${words
      .join(' ')
      .replaceAll(/"[^"]*"|\d+/g, '…')
      .slice(0, 120)}`;
    if (shown.has(key)) continue;
    shown.add(key);
    print(`${kind.toUpperCase()} ${object.kind} ${JSON.stringify(object.spec)}`);
    print(`   real:    ${verdictText(real)}\n   product: ${verdictText(product)}`);
  }
  return totals;
}

function disagreement(real: Verdict, product: Verdict): Disagreement | undefined {
  if (real.errors.length > 0 !== product.errors.length > 0) return 'verdict';
  if (`${real.errors}` !== `${product.errors}`) return 'words';
  const accepted = real.errors.length === 0;
  return accepted && `${real.warnings}` !== `${product.warnings}` ? 'warnings' : undefined;
}

/** The errors of a message, without the frame that istiod puts around several. */
function errorsOf(message: string): string[] {
  return message
    .replace(/^configuration is invalid: /, '')
    .replace(/\d+ errors? occurred:/, '')
    .split(/\n\s*\* ?|\n/)
    .map(line => line.trim())
    .filter(line => line !== '')
    .sort();
}

function verdictText({errors, warnings}: Verdict): string {
  return `${errors.join(' ;; ') || 'ok'}${warnings.length > 0 ? ` WARN ${warnings.join(' ;; ')}` : ''}`;
}
