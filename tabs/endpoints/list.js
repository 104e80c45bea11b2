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

// A list that is drawn anew, as costs go up, leaves the keyboard on the button it was on.
let focused = null;
document.addEventListener("pointerdown", () => (focused = null));
document.addEventListener("focusin", ({ target }) => {
  focused = element.contains(target) ? target.closest("button[data-act]") : null;
});
new MutationObserver(() => {
  if (!focused || focused.isConnected) return;
  const { act, name } = focused.dataset;
  const buttons = [...element.querySelectorAll("button[data-act]")];
  const same = ({ dataset }) => dataset.act === act && dataset.name === name;
  buttons.find(same)?.focus({ preventScroll: true });
}).observe(element, { childList: true, subtree: true });
