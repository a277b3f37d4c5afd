import type {Counted, Expected} from './answer.ts';

/** A certain share may be off by rounding. */
const certain = 0.9999;
/** From so many answers on, every pod that may answer must have. */
const enoughForAllPods = 40;

/** Counts of a sample against a share: too far apart to be chance (4.5 standard deviations, and one). */
function unlikely(count: number, total: number, share: number): boolean {
  const spread = Math.sqrt(total * share * (1 - share));
  return Math.abs(count - total * share) > 4.5 * spread + 1;
}

/** Whether the real answers can't have come from what the product expects. */
export function differs(real: Counted, product: Expected): boolean {
  const total = Object.values(real).reduce((sum, {count}) => sum + count, 0);
  const texts = new Set([...Object.keys(real), ...Object.keys(product)]);
  return [...texts].some(text => {
    const count = real[text]?.count ?? 0;
    const share = product[text]?.share ?? 0;
    if (share === 0) return count > 0;
    if (share > certain ? count !== total : unlikely(count, total, share)) return true;
    const answered = Object.keys(real[text]?.pods ?? {});
    const mayAnswer = product[text]?.pods ?? [];
    if (mayAnswer.includes('*')) return false;
    if (answered.some(pod => !mayAnswer.includes(pod))) return true;
    // Connections that are passed on as TCP stay with their pod.
    return count >= enoughForAllPods && text !== 'tcp' && mayAnswer.some(pod => !answered.includes(pod));
  });
}
