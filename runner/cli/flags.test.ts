import {Command} from 'commander';
import {describe, expect, it} from 'vitest';
import {globalFlags, onlyGlobalOptions} from './flags.ts';

/** As the whole command line reads it. */
function byCommander(argv: readonly string[]): object {
  const command = new Command().exitOverride().allowExcessArguments(false);
  for (const {flags, help} of globalFlags) command.option(flags, help);
  command.parse([...argv], {from: 'user'});
  // Without a word about colour commander assumes it, and chooseView does so too.
  const {color, ...options} = command.opts();
  return color === false ? {...options, color} : options;
}

describe('onlyGlobalOptions', () => {
  it.each([
    [[]],
    [['--workshop', 'tuesday']],
    [['--workshop=tuesday', '--plain']],
    [['--no-color', '--debug', '--yes', '--json']],
    [['--work-folder', '/tmp/here', '--node-image', 'kindest/node:v1.33.1', '--engine', 'kind']],
    [['--workshop', 'one', '--workshop', 'two']],
  ])('reads %j as commander does', argv => {
    expect(onlyGlobalOptions(argv)).toEqual(byCommander(argv));
  });

  it.each([
    [['run']],
    [['--help']],
    [['-h']],
    [['--version']],
    [['--workshop']],
    [['--engin', 'kind']],
    [['--plain=yes']],
    [['--workshop', 'tuesday', 'list']],
  ])('leaves %j to the whole command line', argv => {
    expect(onlyGlobalOptions(argv)).toBeUndefined();
  });
});
