/** Exit codes of the command line; documented in the README and stable. */
export const exitCodes = {
  passed: 0,
  failed: 1,
  usage: 2,
  environment: 3,
  internal: 70,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * Something to do next: words, or what a command of this program does and its arguments. The program's name is no part
 * of it, since it depends on how somebody started it.
 */
export type Remedy = string | {readonly say: string; readonly command: string};

/** @param program what starts this program where the text is read: `istio-workshop`, `npm start --`. */
export function remedyText(remedy: Remedy, program = 'istio-workshop'): string {
  return typeof remedy === 'string' ? remedy : `${remedy.say}: ${program} ${remedy.command}`;
}

export interface WorkshopErrorOptions {
  /** Stable, kebab-case; what scripts and tests match on. */
  code: string;
  /** One present-tense sentence. */
  message: string;
  /** What lies behind it, in the tool's or the system's own words. */
  detail?: string;
  /** Things to type or do next, most useful first. */
  remedies?: readonly Remedy[];
  /** @default exitCodes.environment */
  exitCode?: ExitCode;
  cause?: unknown;
}

/** An error that a person can act on. Carries data only; the views decide how it looks. */
export class WorkshopError extends Error {
  readonly code: string;
  readonly detail: string | undefined;
  readonly remedies: readonly Remedy[];
  readonly exitCode: ExitCode;

  constructor(options: WorkshopErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : {cause: options.cause});
    this.name = 'WorkshopError';
    this.code = options.code;
    this.detail = options.detail;
    this.remedies = options.remedies ?? [];
    this.exitCode = options.exitCode ?? exitCodes.environment;
  }
}

/** What scripts read of an error: the same words, whatever way this program was started. */
export function errorAsJson({code, message, detail, remedies, exitCode}: WorkshopError): object {
  return {code, message, detail, remedies: remedies.map(remedy => remedyText(remedy)), exitCode};
}

/** What the disk refuses, by the system's code: nothing that a program could have done better. */
const refusedByDisk: Readonly<Record<string, {message: string; remedy: string}>> = {
  ENOSPC: {message: 'The disk is full.', remedy: 'Free some room on it, then run it again'},
  EDQUOT: {
    message: 'Your share of the disk is used up.',
    remedy: 'Remove something of yours there, then run it again',
  },
  EFBIG: {
    message: 'A file has reached the size that is allowed.',
    remedy: 'Raise the limit (ulimit -f), then run it again',
  },
  EROFS: {
    message: "The disk can't be written: it is mounted read-only.",
    remedy: 'Choose another folder for the state: ISTIO_WORKSHOP_STATE=/some/folder',
  },
  EIO: {message: 'The disk does not work as it should.', remedy: 'Look at the disk, or choose another one'},
};

/**
 * What was thrown as an error that a person can act on; what nobody expected is a fault of ours, and keeps its stack.
 */
export function asWorkshopError(error: unknown): WorkshopError {
  if (error instanceof WorkshopError) return error;
  const refused = asDiskError(error);
  if (refused) return refused;
  const fault = new WorkshopError({
    code: 'internal',
    message: 'Something in istio-workshop itself went wrong.',
    detail: messageOf(error),
    remedies: ['Run it again with --debug and report what it prints'],
    exitCode: exitCodes.internal,
    cause: error,
  });
  if (error instanceof Error && error.stack) fault.stack = error.stack;
  return fault;
}

/** What was thrown, where it is the disk that refused: full, read-only or broken. @param place what was to be written */
export function asDiskError(error: unknown, place?: string): WorkshopError | undefined {
  const refused = refusedByDisk[String((error as {code?: unknown} | null | undefined)?.code)];
  if (!refused) return undefined;
  return new WorkshopError({
    code: 'disk',
    message: refused.message,
    detail: place === undefined ? messageOf(error) : `${place}: ${messageOf(error)}`,
    remedies: [refused.remedy],
    cause: error,
  });
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
