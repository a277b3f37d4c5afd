/** Something that stops a verification and that a person can act on. */
export class VerifyError extends Error {
  /** Stable, kebab-case. */
  readonly code: string;
  readonly detail: string | undefined;
  /** Things to type or do next, most useful first. */
  readonly remedies: readonly string[];

  constructor(options: {code: string; message: string; detail?: string; remedies?: readonly string[]}) {
    super(options.message);
    this.name = 'VerifyError';
    this.code = options.code;
    this.detail = options.detail;
    this.remedies = options.remedies ?? [];
  }
}
