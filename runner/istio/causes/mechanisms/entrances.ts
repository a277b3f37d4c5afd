import type {VirtualService} from '../../types.ts';
import {objectIn, placed} from '../../way/objects.ts';
import type {Candidate} from '../cause.ts';
import {change, objectName, showCommand} from '../cause.ts';
import {withChanged} from '../mend.ts';
import type {Mechanism} from './mechanism.ts';

const page = {host: 'productpage', namespace: 'bookinfo'};

/** A rule at the gateway that leads the page to another program, which does not know it. */
export const entrances: Mechanism = ({snapshot, hop}): readonly Candidate[] => {
  const {decision, from, branches, request} = hop;
  if (from.kind !== 'gateway' || decision.kind !== 'rule') return [];
  const stray = branches.find(({to}) => to && to.app !== page.host);
  const {object} = decision.at;
  const rule = placed(decision.at.path);
  const route = objectIn<VirtualService>(snapshot, object)?.spec?.http?.[rule]?.route ?? [];
  const index = route.findIndex(
    ({destination}) => destination.host.split('.')[0] === stray?.host.split('.')[0],
  );
  const written = route[index]?.destination.host;
  if (!stray?.to || written === undefined) return [];
  const right =
    object.namespace === page.namespace ? page.host : `${page.host}.${page.namespace}.svc.cluster.local`;
  return [
    {
      code: 'wrong-destination',
      sentence: `${objectName(object)} leads ${request.path} to ${stray.to.app}, which does not know that page.`,
      look: 'The answer is the 404 of a program, and not that of the gateway, which has no body.',
      object: objectName(object),
      fix: change(`spec.http[${rule}].route[${index}].destination.host`, written, right),
      command: showCommand(object),
      mended: withChanged<VirtualService>(snapshot, object, copy => {
        const destination = copy.spec?.http?.[rule]?.route?.[index]?.destination;
        if (!destination) return;
        destination.host = right;
        delete destination.subset;
      }),
    },
  ];
};
