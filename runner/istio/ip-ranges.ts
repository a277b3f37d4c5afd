/** An IPv4 address as a number, or undefined for anything else. */
function numberOf(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some(part => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/**
 * How many bits of the address a range (`10.0.0.0/8`, or an address alone) fixes, or undefined where the address is
 * not in it. IPv4 only.
 */
export function prefixLength(range: string, address: string): number | undefined {
  const [base = '', bits = '32'] = range.split('/');
  const [start, wanted, length] = [numberOf(base), numberOf(address), Number(bits)];
  if (start === undefined || wanted === undefined || !(length >= 0 && length <= 32)) return undefined;
  const size = 2 ** (32 - length);
  return Math.floor(start / size) === Math.floor(wanted / size) ? length : undefined;
}
