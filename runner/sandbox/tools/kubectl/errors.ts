import {ToolError} from '../shared/io.ts';
import {ConnectionError, StatusError} from '../shared/rest.ts';

/** A failure of one object of several; `context` is what was being done (`error when creating "f.yaml"`). */
export class SourcedError extends Error {
  readonly source: unknown;
  readonly context: string;

  constructor(context: string, source: unknown) {
    super(`${context}: ${source instanceof Error ? source.message : String(source)}`);
    this.source = source;
    this.context = context;
  }
}

/** A document that is no object, or one of a kind that nobody knows: kubectl goes on with the others of the file. */
export class UnreadError extends Error {}

/** Several failures of one command, each told on its own. */
export class ManyErrors extends Error {
  readonly errors: readonly unknown[];

  constructor(errors: readonly unknown[]) {
    super(errors.map(error => (error as Error).message).join('\n'));
    this.errors = errors;
  }
}

/** What could not be read of a command's files is one error among others, however many it is. */
export function asOne(errors: readonly unknown[]): readonly unknown[] {
  if (errors.length < 2) return errors;
  return [new ToolError(`[${errors.map(error => describeAmongOthers(error)).join(', ')}]`)];
}

/** Throws one error as it is, several together, none not at all. */
export function throwAll(errors: readonly unknown[]): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new ManyErrors(errors);
}

function invalid(status: any): string {
  const {details} = status;
  if (!details) return `The request is invalid: ${status.message}`;
  const prefix =
    details.kind || details.name
      ? `The ${details.kind} "${details.name}" is invalid`
      : 'The request is invalid';
  const causes = [...new Set((details.causes ?? []).map((cause: any) => `${cause.field}: ${cause.message}`))];
  if (causes.length === 0) return `${prefix}: ${status.message ?? ''}`;
  if (causes.length === 1) return `${prefix}: ${causes[0]}`;
  return `${prefix}: \n${causes.map(cause => `* ${cause}`).join('\n')}`;
}

function statusText(error: StatusError, context: string | undefined): string {
  const text = context === undefined ? error.message : `${context}: ${error.message}`;
  if (error.reason === 'Invalid') return invalid(error.status);
  if (error.reason === 'Unauthorized') return `error: You must be logged in to the server (${error.message})`;
  if (error.status.details === undefined && error.reason === undefined) return `Error from server: ${text}`;
  return error.reason ? `Error from server (${error.reason}): ${text}` : `Error from server: ${text}`;
}

/** Of several errors kubectl says each in fewer words than where it is the only one. */
function describeAmongOthers(error: unknown): string {
  const status = error instanceof SourcedError ? error.source : error;
  if (status instanceof StatusError && status.reason === 'Invalid')
    return `Error from server (Invalid): ${(error as Error).message}`;
  return describeError(error).text.replace(/^error: /, '');
}

function connectionText(error: ConnectionError): string {
  if (error.system === 'ECONNREFUSED') {
    return `The connection to the server ${error.host} was refused - did you specify the right host or port?`;
  }
  const host = error.host.replace(/:\d+$/, '');
  if (error.system === 'ENOTFOUND')
    return `Unable to connect to the server: dial tcp: lookup ${host}: no such host`;
  if (/SELF_SIGNED|UNABLE_TO|CERT/.test(error.system ?? '')) {
    return `Unable to connect to the server: tls: failed to verify certificate: x509: ${error.message}`;
  }
  return `Unable to connect to the server: ${error.message}`;
}

/** What kubectl prints for an error, and its exit code. */
export function describeError(error: unknown): {text: string; exitCode: number} {
  if (error instanceof ManyErrors) {
    return {text: error.errors.map(describeAmongOthers).join('\n'), exitCode: 1};
  }
  if (error instanceof SourcedError) {
    if (error.source instanceof StatusError)
      return {text: statusText(error.source, error.context), exitCode: 1};
    if (error.source instanceof ConnectionError) return {text: connectionText(error.source), exitCode: 1};
    return {text: `error: ${error.message}`, exitCode: 1};
  }
  if (error instanceof StatusError) return {text: statusText(error, undefined), exitCode: 1};
  if (error instanceof ConnectionError) return {text: connectionText(error), exitCode: 1};
  if (error instanceof ToolError) return {text: error.message, exitCode: error.exitCode};
  return {text: `error: ${error instanceof Error ? error.message : String(error)}`, exitCode: 1};
}
