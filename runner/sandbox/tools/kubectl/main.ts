import {exitWith, processIo} from '../shared/process-io.ts';
import {runKubectl} from './cli.ts';

const io = processIo();
await exitWith(await runKubectl(io));
