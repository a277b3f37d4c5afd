import {optionOf} from './call.ts';
import type {Kind} from './finding.ts';

/** A cluster that is there needs only its kubeconfig. https://kind.sigs.k8s.io/docs/user/quick-start/ */
export const kindCreate: Kind = {
  program: 'kind',
  verbs: ['create'],
  refusal: /node\(s\) already exist for a cluster with the name/,
  find({call}) {
    const name = optionOf(call, '--name', '-n');
    return {
      state: 'part',
      said: 'A cluster of this name is there already; kubectl is pointed to it.',
      mend: [`kind export kubeconfig${name === undefined ? '' : ` --name "${name}"`}`],
    };
  },
};
