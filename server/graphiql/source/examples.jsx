import { UnStyledButton, useGraphiQL, useGraphiQLActions } from "@graphiql/react";

// The server puts them into the page: [{title, query}].
export const examples = JSON.parse(document.getElementById("examples").textContent);

const Icon = () => (
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
    <path d="M5 3h10l4 4v14H5z M9 10h6 M9 14h6" />
  </svg>
);

function Examples() {
  const { addTab } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const open = (query) => {
    addTab();
    queryEditor?.setValue(query);
  };
  return (
    <section aria-label="Examples">
      <div className="examples-title">Examples</div>
      <ul className="examples">
        {examples.map(({ title, query }) => (
          <li key={title}>
            <UnStyledButton onClick={() => open(query)}>{title}</UnStyledButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

// For whoever closed or rewrote the tabs that the page opens with.
export const EXAMPLES_PLUGIN = { title: "Examples", icon: Icon, content: Examples };
