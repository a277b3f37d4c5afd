/** What istiod's webhook finds in one object, in its words. */
export interface Findings {
  errors: string[];
  warnings: string[];
}

export interface Collector extends Findings {
  error(text: string): void;
  warn(text: string): void;
}

export function collector(): Collector {
  const errors: string[] = [];
  const warnings: string[] = [];
  return {errors, warnings, error: text => void errors.push(text), warn: text => void warnings.push(text)};
}
