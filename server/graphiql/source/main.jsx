import "./monaco.js";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./style.css";

import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";

import { EXAMPLES_PLUGIN, examples } from "./examples.jsx";
import { storage } from "./storage.js";

// Relative to the page, so that it works below any path.
const fetcher = createGraphiQLFetcher({ url: new URL("graphql", document.baseURI).href });

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    defaultTabs={examples.map(({ query }) => ({ query }))}
    plugins={[EXAMPLES_PLUGIN, HISTORY_PLUGIN, explorerPlugin()]}
    defaultEditorToolsVisibility="variables"
    // A token in a header stays in memory; storage.js sees to the history.
    shouldPersistHeaders={false}
  >
    <GraphiQL.Logo>profile-graph</GraphiQL.Logo>
  </GraphiQL>,
);
