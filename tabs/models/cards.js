// The list is drawn anew when the visitor comes back to it: the button is another, and not there at once.
pipelinePlayground.comeBack = (tries = 40) => {
  const buttons = [...document.querySelectorAll("button[data-act=open]")];
  const button = buttons.find((b) => b.dataset.model === pipelinePlayground.cameFrom && b.offsetParent);
  if (button) button.focus();
  else if (tries) setTimeout(() => pipelinePlayground.comeBack(tries - 1), 50);
};
// A press on a button of the list goes to the app; whether to delete is asked right here.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (!button) return;
  const { act, model } = button.dataset;
  if (act === "ask" || act === "keep") {
    const [question, answer] = button.closest("li").querySelectorAll(".deleting");
    question.hidden = act === "ask";
    answer.hidden = act !== "ask";
    (act === "ask" ? answer : question).querySelector("button:last-of-type").focus();
    return;
  }
  pipelinePlayground.cameFrom = model;
  trigger("click", { act, model });
});
