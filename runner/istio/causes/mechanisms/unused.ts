import type {VirtualService} from '../../types.ts';
import type {NotApplied} from '../../way/way.ts';
import type {Candidate} from '../cause.ts';
import {change, objectName, showCommand} from '../cause.ts';
import {withChanged} from '../mend.ts';
import {calleeOf, type Mechanism, type Suspect} from './mechanism.ts';

/** VirtualServices that were meant for a call and do not count for it. */
export const unused: Mechanism = suspect =>
  suspect.hop.notApplied.flatMap(each =>
    each.object.kind === 'VirtualService' ? ofUnused(suspect, each) : [],
  );

function ofUnused({snapshot, hop}: Suspect, {object, reason, because}: NotApplied): readonly Candidate[] {
  const base = {
    object: objectName(object),
    command: showCommand(object),
    sentence: `${objectName(object)} ${because}.`,
  };
  const edited = (edit: (copy: VirtualService) => void) =>
    withChanged<VirtualService>(snapshot, object, edit);
  const written = snapshot.config.find(
    ({kind, metadata}) =>
      kind === object.kind && metadata.name === object.name && metadata.namespace === object.namespace,
  ) as VirtualService | undefined;
  const rules = written?.spec?.http ?? [];
  switch (reason) {
    case 'not-exported':
      return [
        {
          ...base,
          code: 'not-exported',
          look: 'exportTo says in which namespaces the callers may be; left out it is all of them.',
          fix: `spec.exportTo: ${JSON.stringify(written?.spec?.exportTo)} -> take it away`,
          mended: edited(copy => {
            delete copy.spec?.exportTo;
          }),
        },
      ];
    case 'other-port': {
      const rule = rules.findIndex(({match = []}) => match.some(({port}) => port));
      const entry = rules[rule]?.match?.findIndex(({port}) => port) ?? 0;
      return [
        {
          ...base,
          code: 'rule-for-other-port',
          look: `A rule for another port is as if it were not there; ${calleeOf(hop)} is called at ${hop.request.port}.`,
          fix: change(
            `spec.http[${rule}].match[${entry}].port`,
            rules[rule]?.match?.[entry]?.port,
            hop.request.port,
          ),
          mended: edited(copy => {
            for (const {match = []} of copy.spec?.http ?? []) {
              for (const each of match) if (each.port) each.port = hop.request.port;
            }
          }),
        },
      ];
    }
    case 'other-caller':
      return [
        {
          ...base,
          code: 'rule-for-other-caller',
          look: 'sourceLabels and sourceNamespace are compared with the pods that call.',
          fix: 'spec.http[].match[].sourceLabels, sourceNamespace: name the caller, or take them away',
          mended: edited(copy => {
            for (const {match = []} of copy.spec?.http ?? []) {
              for (const each of match) {
                delete each.sourceLabels;
                delete each.sourceNamespace;
              }
            }
          }),
        },
      ];
    case 'rule-for-other-gateway':
      return [
        {
          ...base,
          code: 'gateway-not-matching',
          look: 'gateways within a match keeps the rule from all others; sidecars are called mesh.',
          fix: 'spec.http[].match[].gateways: add mesh',
          mended: edited(copy => {
            for (const {match = []} of copy.spec?.http ?? []) {
              for (const each of match) if (each.gateways) each.gateways.push('mesh');
            }
          }),
        },
      ];
    case 'other-host': {
      const hosts = written?.spec?.hosts ?? [];
      if (!/leads to/.test(because) || hosts.length === 0) return [];
      const right = object.namespace === hop.service?.split('.')[1] ? calleeOf(hop) : (hop.service ?? '');
      return [
        {
          ...base,
          code: 'host-of-the-caller',
          look: 'hosts is what is called, not who calls.',
          fix: change('spec.hosts[0]', hosts[0], right),
          mended: edited(copy => {
            if (copy.spec) copy.spec.hosts = [right];
          }),
        },
      ];
    }
    default:
      return [];
  }
}
