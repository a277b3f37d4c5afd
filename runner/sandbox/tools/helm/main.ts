import {processIo} from '../shared/process-io.ts';
import {runHelm} from './cli.ts';

process.exit(await runHelm(processIo(), process.platform));
