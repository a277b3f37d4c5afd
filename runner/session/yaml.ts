// A bundle of its own, loaded when a command failed: asked for by `import()`, the package itself has no named exports.
export {parseAllDocuments} from 'yaml';
