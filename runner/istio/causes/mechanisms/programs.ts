import type {Candidate} from '../cause.ts';
import {withPods} from '../mend.ts';
import {calleeOf, type Mechanism} from './mechanism.ts';

const does: Readonly<Record<string, string>> = {
  'v-faulty': 'answers 503 to half of its requests',
  'v-delayed': 'answers half of its requests 7 s late',
  'v-unavailable': 'answers 503 for every other minute',
};

/** Programs that misbehave by themselves, whatever the mesh does. */
export const programs: Mechanism = ({snapshot, hop}) =>
  hop.branches.flatMap(({to}): readonly Candidate[] => {
    const {variant = '', workload, namespace} = to ?? {};
    const what = does[variant];
    if (what === undefined || workload === undefined) return [];
    return [
      {
        code: 'program-faulty',
        sentence: `The program of ${workload} is the variant ${variant}, which ${what} on purpose.`,
        look: 'No rule of Istio makes it: the image of the Deployment, or its variable SERVICE_VERSION, says so.',
        object: `Deployment ${namespace}/${workload}`,
        fix: `spec.template.spec.containers[0]: the image of ${calleeOf(hop)}-v1, without SERVICE_VERSION=${variant}`,
        command: `kubectl get deployment ${workload} -n ${namespace} -o yaml`,
        mended: withPods(snapshot, pod => {
          const {variant: _, ...healed} = pod;
          return pod.namespace === namespace && pod.workload === workload ? healed : pod;
        }),
      },
    ];
  });
