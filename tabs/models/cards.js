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
  window.pipelinePlayground.cameFrom = button;
  trigger("click", { act, model });
});
