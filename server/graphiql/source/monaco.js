// Loaded with the page rather than after it, so that its styles are in the page's.
import "monaco-graphql/esm/monaco-editor.js";

// Monaco starts its workers by these; their names carry a hash and come from the build.
const files = WORKERS;

globalThis.MonacoEnvironment = {
  getWorker: (_, label) => new Worker(new URL(files[label] ?? files.editor, import.meta.url)),
};
