import {apply} from './apply.ts';
import type {Command} from './command.ts';
import {create} from './create.ts';
import {deleteCommand} from './delete.ts';
import {get} from './get.ts';
import {annotate, label} from './label.ts';
import {version} from './version.ts';

/** Every command of the built-in kubectl. */
export const commands: readonly Command[] = [annotate, apply, create, deleteCommand, get, label, version];
