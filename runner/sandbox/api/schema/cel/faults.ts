/** What goes wrong while an expression is evaluated, in the words of cel-go. */
export class CelError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CelError';
  }
}

/** An expression cost more than one may. */
export class CelCostExceeded extends CelError {
  constructor() {
    super('operation cancelled: actual cost limit exceeded');
    this.name = 'CelCostExceeded';
  }
}

/** An expression that is no CEL, or CEL that we don't know: it can't be checked at all. */
export class CelUnsupported extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CelUnsupported';
  }
}

export function noOverload(): CelError {
  return new CelError('no such overload');
}

export function conversionError(to: string): CelError {
  return new CelError(`type conversion error from 'string' to '${to}'`);
}

const noOverloads = new Set([
  'no_such_overload',
  'no_matching_overload',
  'invalid_logical_operand',
  'invalid_condition_type',
  'invalid_comprehension_range',
  'invalid_comparison_type',
  'invalid_index_type',
  'cannot_index_type',
  'unsupported_type',
]);

const conversions: Readonly<Record<string, string>> = {
  bool_conversion_error: 'bool',
  int_conversion_error: 'int',
  uint_conversion_error: 'uint',
  double_conversion_error: 'double',
};

/** An error of the library in cel-go's words; undefined for one that is a fault of ours. */
export function celErrorOf(error: unknown): CelError | undefined {
  if (error instanceof CelError) return error;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const {code} = error;
  const summary = 'summary' in error ? String(error.summary) : error.message;
  if (noOverloads.has(code)) return noOverload();
  const target = conversions[code];
  if (target !== undefined) return conversionError(target);
  switch (code) {
    case 'index_out_of_bounds':
      return new CelError(`index out of bounds: ${/index (-?\d+)/.exec(summary)?.[1] ?? ''}`);
    case 'numeric_overflow':
      return new CelError(/unsigned/i.test(summary) ? 'unsigned integer overflow' : 'integer overflow');
    case 'modulo_by_zero':
      return new CelError('modulus by zero');
    case 'no_such_key':
      return new CelError(summary.replace('No such key', 'no such key'));
    default:
      return new CelError(summary);
  }
}
