import type {CheckBlock, CommandBlock, FileBlock, Lab} from '../catalog/lab.ts';

const place = {file: 'labs/sample/lab.md', line: 1};

export function command(id: string, overrides: Partial<CommandBlock> = {}): CommandBlock {
  return {
    kind: 'command',
    id,
    text: `echo ${id}`,
    background: false,
    timeout: 60_000,
    exit: 0,
    place,
    ...overrides,
  };
}

export function file(id: string, name = `${id}.yaml`): FileBlock {
  return {kind: 'file', id, name, language: 'yaml', content: `name: ${id}\n`, place};
}

export function check(id: string): CheckBlock {
  return {
    kind: 'check',
    id,
    momentary: false,
    conditions: [{kind: 'command', text: 'true', exit: 0, place}],
    place,
  };
}

/** A small lab for tests of what is above the labs. */
export function lab(id: string, number: number, overrides: Partial<Lab> = {}): Lab {
  return {
    number,
    id,
    folder: `0${number}-${id}`,
    title: `Lab ${id}`,
    summary: '',
    minutes: 1,
    needs: [],
    replaces: [],
    tags: [],
    introduction: [],
    steps: [{title: 'Only step', blocks: [command('s1c1'), check('s1c2')]}],
    reset: [],
    manifests: [],
    broken: [],
    place,
    ...overrides,
  };
}
