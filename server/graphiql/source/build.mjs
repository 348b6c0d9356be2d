// Writes ../built: the page, its scripts, styles and font, the licenses of what is in them, and a
// manifest by which a test sees whether they are of this source.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { build } from "esbuild";

const SOURCE = import.meta.dirname;
const BUILT = join(SOURCE, "..", "built");
const WORKERS = {
  editor: "monaco-editor/esm/vs/editor/editor.worker.js",
  graphql: "monaco-graphql/esm/graphql.worker.js",
  json: "monaco-editor/esm/vs/language/json/json.worker.js",
};
const COMMON = {
  absWorkingDir: SOURCE,
  outdir: BUILT,
  bundle: true,
  minify: true,
  metafile: true,
  target: "es2022",
  legalComments: "none", // the file of licenses has the whole texts
  logLevel: "warning",
  // graphql-js takes a page without a process for a developer's.
  define: { "process.env.NODE_ENV": '"production"', "globalThis.process": "true" },
};

rmSync(BUILT, { recursive: true, force: true });
mkdirSync(BUILT);

const workers = await build({
  ...COMMON,
  entryPoints: Object.entries(WORKERS).map(([label, path]) => ({ in: path, out: `${label}.worker` })),
  entryNames: "[name]-[hash]",
  format: "iife",
});
const page = await build({
  ...COMMON,
  entryPoints: { page: "main.jsx" },
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  format: "esm",
  splitting: true,
  jsx: "automatic",
  loader: { ".ttf": "file" },
  external: ["graphql-ws"], // asked for by subscriptions only, of which the schema has none
  define: { ...COMMON.define, WORKERS: JSON.stringify(workerFiles(workers.metafile)) },
});

const [script, { cssBundle }] = Object.entries(page.metafile.outputs).find(
  ([, output]) => output.entryPoint === "main.jsx",
);
// Chunks have styles of their own, which are in the page's already.
for (const name of readdirSync(BUILT)) {
  if (name.endsWith(".css") && name !== basename(cssBundle)) rmSync(join(BUILT, name));
}
const texts = licenses([workers.metafile, page.metafile]);
const names = {
  script: basename(script),
  style: basename(cssBundle),
  licenses: `licenses-${sha256(texts).slice(0, 8)}.txt`,
};
write(names.licenses, texts);
write(
  "index.html",
  Object.entries(names).reduce(
    (html, [name, file]) => html.replace(`{{${name}}}`, file),
    readFileSync(join(SOURCE, "index.html"), "utf8"),
  ),
);
const files = digests(BUILT, readdirSync(BUILT).sort());
write("manifest.json", JSON.stringify({ source: sourceDigest(), files }, null, 2));

function workerFiles(metafile) {
  const outputs = Object.entries(metafile.outputs);
  return Object.fromEntries(
    Object.keys(WORKERS).map((label) => [
      label,
      basename(outputs.find(([name]) => basename(name).startsWith(`${label}.worker-`))[0]),
    ]),
  );
}

function licenses(metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = inputs.map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const texts = [...new Set(folders.filter(Boolean))].map(license);
  return [...new Set(texts)].sort().join(`\n${"-".repeat(80)}\n\n`);
}

function license(folder) {
  const about = JSON.parse(readFileSync(join(SOURCE, folder, "package.json"), "utf8"));
  const names = readdirSync(join(SOURCE, folder)).filter((name) =>
    /^(licen[cs]e|copying|notice|third-?party)/i.test(name),
  );
  const texts = names.sort().map((name) => readFileSync(join(SOURCE, folder, name), "utf8"));
  const text = texts.map((one) => one.replaceAll("\r\n", "\n").trim()).join("\n\n");
  return `${about.name} ${about.version}: ${about.license}\n\n${text}\n`;
}

function sourceDigest() {
  const files = readdirSync(SOURCE).filter((name) => name !== "node_modules").sort();
  const lines = Object.entries(digests(SOURCE, files)).map(([name, digest]) => `${name} ${digest}\n`);
  return sha256(lines.join(""));
}

function digests(folder, files) {
  return Object.fromEntries(files.map((name) => [name, sha256(readFileSync(join(folder, name)))]));
}

function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}

function write(name, text) {
  writeFileSync(join(BUILT, name), text.trimEnd() + "\n");
}
