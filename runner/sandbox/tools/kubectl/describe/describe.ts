import {groupVersionOf, pathOf, qualified} from '../../shared/discovery.ts';
import {ToolError} from '../../shared/io.ts';
import {StatusError} from '../../shared/rest.ts';
import {tabulate} from '../../shared/tabwriter.ts';
import {terminalText} from '../../shared/terminal-text.ts';
import type {Command} from '../command.ts';
import {throwAll} from '../errors.ts';
import {fileFlags, findTargets, selectorFlag} from '../selection.ts';
import {describers, generic} from './kinds.ts';
import {eventLines, Lines} from './text.ts';

const withoutEvents = new Set(['namespaces', 'secrets']);

export const describe: Command = {
  name: 'describe',
  short: 'Show details of a specific resource or group of resources.',
  usage: 'kubectl describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME) [options]',
  flags: [
    ...fileFlags,
    selectorFlag,
    {
      name: 'all-namespaces',
      short: 'A',
      type: 'bool',
      usage: 'If present, list the requested object(s) across all namespaces.',
    },
    {
      name: 'show-events',
      type: 'bool',
      default: 'true',
      usage: 'If true, display events related to the described object.',
    },
    {name: 'chunk-size', type: 'int', default: '500', usage: 'Accepted and ignored'},
  ],
  async run(invocation) {
    const {io, session, flags, args} = invocation;
    if (args.length === 0 && !flags.has('filename')) {
      throw new ToolError(
        'error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
      );
    }
    const client = await session.client();
    let prefixed = false;
    let {targets, errors} = await findTargets(invocation, args, {allowAll: true});
    if (
      args.length === 2 &&
      targets.length === 0 &&
      errors.length === 1 &&
      errors[0] instanceof StatusError &&
      errors[0].code === 404
    ) {
      // A name may be the beginning of several.
      const all = await findTargets(invocation, args.slice(0, 1), {allowAll: true});
      const matching = all.targets.filter(target => target.name.startsWith(args[1] ?? ''));
      if (matching.length > 0) {
        prefixed = true;
        targets = matching;
        errors = [];
      }
    }
    let first = true;
    for (const target of targets) {
      const object = {apiVersion: groupVersionOf(target.type), kind: target.type.kind, ...target.object};
      const lines = new Lines();
      const name = qualified(target.type);
      await (describers[name] ?? generic)(lines, object, {client, now: io.now()});
      if (flags.bool('show-events') && !withoutEvents.has(name)) {
        const events = await client.json({
          path: pathOf(
            {group: '', version: 'v1', resource: 'events', namespaced: true},
            {namespace: target.namespace},
          ),
          query: {
            fieldSelector: `involvedObject.name=${target.name},involvedObject.namespace=${target.namespace ?? ''},involvedObject.uid=${object.metadata.uid}`,
            limit: 500,
          },
        });
        eventLines(lines, events.items, io.now());
      }
      const text = tabulate(terminalText(lines.toString()), {padding: 2});
      io.out(prefixed ? `${text}\n` : `${first ? '' : '\n\n'}${text}`);
      first = false;
    }
    if (targets.length === 0 && errors.length === 0) {
      io.err(
        flags.bool('all-namespaces')
          ? 'No resources found\n'
          : `No resources found in ${await session.namespace()} namespace.\n`,
      );
    }
    throwAll(errors);
  },
};
