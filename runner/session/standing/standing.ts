import {readCall} from './call.ts';
import type {Kind, Look, Standing} from './finding.ts';
import {helmBusy, helmInstall, helmRepositoryGone, helmRepositoryKnown, helmUninstall} from './helm.ts';
import {kindCreate} from './kind-cluster.ts';
import {kubectlCreate, kubectlDelete, kubectlLabel} from './kubectl.ts';

const kinds: readonly Kind[] = [
  kubectlCreate,
  kubectlDelete,
  kubectlLabel,
  helmInstall,
  helmBusy,
  helmUninstall,
  helmRepositoryKnown,
  helmRepositoryGone,
  kindCreate,
];

/**
 * Finds out whether a command of a lab failed because its effect stands already, wholly or in part. The tool's own
 * reason decides whether there is anything to look for; what is there is then asked of the cluster, by the same tool.
 * @returns undefined when it failed for another reason, or when its kind is not known.
 */
export async function whatStands(options: {
  text: string;
  stderr: string;
  look: Look;
}): Promise<Standing | undefined> {
  const call = readCall(options.text);
  if (!call) return undefined;
  const kind = kinds.find(
    each =>
      each.program === call.program && each.verbs.includes(call.verb) && each.refusal.test(options.stderr),
  );
  return kind?.find({call, stderr: options.stderr, look: options.look});
}
