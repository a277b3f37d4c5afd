import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {inputs} from './fuzz/input.ts';
import {openSubject, type Subject} from './fuzz/subject.ts';

/** `npm run soak` asks for more inputs and other seeds. */
const wanted = Number(process.env['ISTIO_WORKSHOP_FUZZ_ROUNDS'] ?? 200);
const seed = Number(process.env['ISTIO_WORKSHOP_SEED'] ?? 1);
const mostFailures = 8;
/** A failure is made smaller for so many inputs; each is played to a sandbox that lives on. */
const mostShrinking = 150;
const restartEvery = Math.max(100, Math.floor(wanted / 40));
const stirEvery = 25;

let subject: Subject;

beforeAll(async () => {
  subject = await openSubject();
}, 120_000);

afterAll(() => subject?.close());

/** Plays inputs until that many were played or too many failed. @returns the failures, each as small as it could be made. */
async function played(): Promise<string[]> {
  const failures: string[] = [];
  const {figures} = subject;
  const known = new Set<string>();
  let count = 0;
  while (count < wanted && failures.length < mostFailures) {
    let shrinking = 0;
    const property = fc.asyncProperty(inputs(subject.kinds.length), async input => {
      if (shrinking > mostShrinking) return;
      if (shrinking === 0) count += 1;
      let problem = await subject.play(input);
      if (count % stirEvery === 0) problem ??= await subject.stir();
      if (count % restartEvery === 0) problem ??= await subject.restart();
      if (problem === undefined || known.has(signatureOf(problem))) return;
      shrinking += 1;
      throw new Error(problem);
    });
    const result = await fc.check(property, {numRuns: wanted - count, seed: seed + failures.length});
    if (!result.failed) break;
    const [input] = result.counterexample ?? [];
    known.add(signatureOf(String((result.errorInstance as Error).message)));
    const kind = input && subject.kinds[input.kind]?.kind;
    console.log(`after ${count} inputs: ${result.errorInstance}`);
    failures.push(`seed ${result.seed}: ${kind} ${fc.stringify(input)}\n  ${result.errorInstance}`);
  }
  console.log(JSON.stringify({seed, ...figures, failures: failures.length}));
  return failures;
}

/** What two failures of one fault have in common. */
function signatureOf(problem: string): string {
  return problem
    .replace(/\/(api|apis)\/\S+/g, '')
    .replace(/\d[\dTZ:.-]*|"(\\.|[^"\\])*"/g, '')
    .slice(0, 120);
}

describe(`${wanted} inputs to every kind that is served (seed ${seed})`, () => {
  it('never stop the sandbox, nor hold it up, nor make it forget', {
    timeout: 120_000 + wanted * 400,
  }, async () => {
    const failures = await played();
    expect(failures.join('\n\n')).toBe('');
    const {kinds, accepted, refused, peakMegabytes} = subject.figures;
    expect(kinds).toBeGreaterThan(50);
    expect(accepted).toBeGreaterThan(wanted / 10);
    expect(refused).toBeGreaterThan(wanted / 10);
    expect(peakMegabytes).toBeLessThan(400);
  });
});
