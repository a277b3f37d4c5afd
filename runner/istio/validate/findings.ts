/** What istiod's webhook finds in one object, in its words. */
export interface Findings {
  errors: string[];
  warnings: string[];
  /** The whole message of a refusal; undefined when the object may pass. */
  refusal?: string;
}

export interface Collector extends Findings {
  error(text: string): void;
  /** An error that istiod puts into a list even when it is the only one, so that it reads `1 error occurred`. */
  listed(text: string): void;
  warn(text: string): void;
  /** Whether `listed` was used. */
  isList(): boolean;
}

export function collector(): Collector {
  const errors: string[] = [];
  const warnings: string[] = [];
  let list = false;
  return {
    errors,
    warnings,
    error: text => void errors.push(text),
    listed: text => {
      list = true;
      errors.push(text);
    },
    warn: text => void warnings.push(text),
    isList: () => list,
  };
}

/** The same collector without its warnings, which istiod drops in some places. */
export function quietly(found: Collector): Collector {
  return {...found, warn: () => {}};
}

/** The same collector, with a text in front of every error. */
export function prefixed(found: Collector, prefix: string): Collector {
  return {
    ...found,
    error: text => found.error(prefix + text),
    listed: text => found.listed(prefix + text),
  };
}

/** The errors as one text, as istiod returns them. */
export function joinErrors({errors, isList}: Collector): string {
  return errors.length === 1 && !isList() ? (errors[0] ?? '') : (listText(errors) ?? '');
}

/** Errors in the form of Go's multierror, or undefined when there are none. */
export function listText(errors: readonly string[]): string | undefined {
  if (errors.length === 0) return undefined;
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
  return `${count} occurred:\n\t${errors.map(error => `* ${error}`).join('\n\t')}\n\n`;
}
