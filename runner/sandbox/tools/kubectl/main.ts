import {processIo} from '../shared/process-io.ts';
import {runKubectl} from './cli.ts';

const io = processIo();
process.exit(await runKubectl(io));
