/** What one side says about an object. */
export interface Verdict {
  /** The whole message of a refusal. */
  refusal?: string;
  warnings: readonly string[];
}

/** One lets the object in and the other not; both refuse it in other words; both let it in with other warnings. */
export type Disagreement = 'verdict' | 'words' | 'warnings';

export function disagreement(real: Verdict, product: Verdict): Disagreement | undefined {
  if ((real.refusal === undefined) !== (product.refusal === undefined)) return 'verdict';
  if (real.refusal === undefined) {
    return isSame(real.warnings.map(spaced), product.warnings.map(spaced)) ? undefined : 'warnings';
  }
  return isSame(partsOf(real.refusal), partsOf(product.refusal ?? '')) ? undefined : 'words';
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return JSON.stringify([...left].sort()) === JSON.stringify([...right].sort());
}

/** The errors of a list, and the frame around them; in Go the order of a map's entries is another each time. */
function partsOf(refusal: string): string[] {
  return spaced(refusal).split('\n\t* ');
}

/** Go's protobuf prints one or two spaces between fields, as the build decides. */
function spaced(text: string): string {
  return text.replaceAll('\u00a0', ' ').replaceAll(/ {2,}/g, ' ').trimEnd();
}

/** What is said about an object of a kind, one text for each error or warning, without the values in them. */
export function outlinesOf(kind: string, {refusal, warnings}: Verdict): string[] {
  const said = refusal === undefined ? warnings : partsOf(refusal).filter(isError);
  return [...new Set(said.map(text => `${kind} ${withoutValues(text)}`))];
}

const isError = (part: string) => !/\d+ errors? occurred:$/.test(part);

function withoutValues(text: string): string {
  return text
    .replaceAll(/"[^"]*"|`[^`]*`|\([^)]*\)/g, '…')
    .replaceAll(/[^\s…]*[^\s…A-Za-z,'-][^\s…]*/g, '…')
    .slice(0, 80);
}
