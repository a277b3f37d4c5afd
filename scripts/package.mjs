/** `npm run build`, which `npm pack` runs too: the packages, the bundles, and how large the package is with them. */
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {ensureInstalled, requireNode} from './set-up.mjs';

requireNode();
ensureInstalled(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
await import('./build.mjs');
await import('./package-size.mjs');
