import {exitWith, processIo} from '../shared/process-io.ts';
import {runHelm} from './cli.ts';

await exitWith(await runHelm(processIo(), process.platform));
