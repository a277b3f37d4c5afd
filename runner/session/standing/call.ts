import {readShell} from '../../catalog/shell.ts';

/** A command that consists of one call of one program, so that options can be added at its end. */
export interface Call {
  /** As the lab has it, for the shell. */
  text: string;
  program: string;
  verb: string;
  /** What stands behind the verb, quotes taken off, variables not filled in. */
  args: readonly string[];
}

/** Pipes, lists, redirections, substitutions and comments: what is added at the end would not reach the program. */
const beyondOneCall = /[`<>]|\$\(|(^|\s)#|(^|\s)--(\s|$)/;

/** Reads a command of a lab; undefined when it is more than one call, or does not begin with program and verb. */
export function readCall(text: string): Call | undefined {
  const trimmed = text.trim();
  if (beyondOneCall.test(trimmed)) return undefined;
  const [words, ...others] = readShell(trimmed).calls;
  const [program, verb, ...args] = words ?? [];
  if (others.length > 0 || !program || !verb || verb.startsWith('-') || !trimmed.startsWith(program)) {
    return undefined;
  }
  return {text: trimmed, program, verb, args};
}

/** The value of an option in any of the ways to write it; undefined where it is not given. */
export function optionOf({args}: Call, long: string, short: string): string | undefined {
  const joined = args.find(word => word.startsWith(`${long}=`) || word.startsWith(`${short}=`));
  if (joined !== undefined) return joined.slice(joined.indexOf('=') + 1);
  const at = args.findIndex(word => word === long || word === short);
  return at < 0 ? undefined : args[at + 1];
}

/** The command's namespace as options for another call, as it stands there; empty where it has none. */
export function namespaceOption(call: Call): string {
  const namespace = optionOf(call, '--namespace', '-n');
  return namespace === undefined ? '' : ` -n "${namespace}"`;
}
