// A press on a button of the list goes to the app: what uses an endpoint, or what changes it.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (!button) return;
  const { act, name } = button.dataset;
  const uses = act === "test" || act === "use";
  // The token that comes along belongs to the new address.
  if (uses) pipelinePlayground.hostOfToken = "";
  trigger(uses ? "select" : "click", { act, name });
});
