// What only the browser can do: the keyboard, the clipboard, and knowing whether it may record.
const chinese = /\/zh\/?$/.test(location.pathname);
const pipelinePlayground = {
  // A visitor whose browser speaks Chinese is shown Chinese, until they choose otherwise.
  followTheBrowser() {
    document.documentElement.lang = chinese ? "zh-CN" : "en";
    const chosen = localStorage.getItem("language") ?? navigator.language;
    if (!chinese && chosen.startsWith("zh"))
      location.replace(`${location.pathname.replace(/\/?$/, "/zh")}${location.search}`);
  },

  // The switch keeps what the link of this page carries.
  chooseLanguage(event) {
    const way = event.target.closest?.(".language a");
    if (!way) return;
    event.preventDefault();
    localStorage.setItem("language", way.lang);
    location.assign(new URL(way.getAttribute("href"), location.href).href + location.search);
  },

  // Ctrl+Enter (Command+Enter on a Mac) presses Run on the tab in view.
  runOnCtrlEnter(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const inView = [...document.querySelectorAll("button.run")].find((b) => b.offsetParent !== null);
    if (!inView || inView.disabled) return;
    event.preventDefault();
    // A text box tells the app what it holds when it loses the focus.
    const field = document.activeElement;
    field?.blur();
    field?.focus();
    inView.click();
  },

  // A link that opens this tab with these inputs. `usual`: option values that need no mention;
  // `staying`: what does not travel, such as files.
  async copyLink(values, tab, names, usual, staying) {
    const query = new URLSearchParams({ tab });
    names.forEach((name, i) => {
      const value = values[i];
      const needless = value === null || value === "" || value === usual[name] || staying.includes(name);
      if (!needless) query.set(name, pipelinePlayground.written(value));
    });
    const link = `${location.origin}${location.pathname}?${query}`;
    history.replaceState(null, "", link);
    try {
      await navigator.clipboard.writeText(link);
      pipelinePlayground.say(chinese ? "链接已复制，也在地址栏中。" : "Link copied. It is in the address bar too.");
    } catch {
      pipelinePlayground.say(link);  // no leave to copy: it can be marked by hand
    }
  },

  // Text as it is, lists and tables as JSON; of a table only what was typed.
  written(value) {
    if (typeof value !== "object") return value;
    const { headers, data } = value;
    return JSON.stringify(headers && data ? { headers, data } : value);
  },

  // Screen readers announce what changes inside a region that was there before.
  region(name) {
    const there = document.querySelector(`.${name}`);
    if (there) return there;
    const region = document.createElement("div");
    region.className = name;
    region.setAttribute("role", "status");
    document.body.append(region);
    return region;
  },

  say(text) {
    const note = document.createElement("div");
    note.textContent = text;
    pipelinePlayground.region("said").append(note);
    setTimeout(() => note.remove(), 8000);
  },

  // Answers appear as pictures for the eyes; this tells the ears, once a run is over.
  announceAnswers() {
    const region = pipelinePlayground.region("announced");
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const box = target.nodeType === 1 ? target.closest(".result") : null;
        if (box && box.offsetParent) region.textContent = box.innerText.slice(0, 400);
      }
    }).observe(document.body, { childList: true, subtree: true });
  },

  // In a long text with a scroll bar of its own, the place to look at comes into view. gradio
  // changes an answer where it stands: what counts is that the place is another than before.
  scrollToPlaces() {
    const seen = new WeakMap();
    new MutationObserver(() => {
      for (const place of document.querySelectorAll(".look-here")) {
        const box = place.parentElement;
        if (seen.get(box) === place.offsetTop) continue;
        seen.set(box, place.offsetTop);
        box.scrollTop = place.offsetTop - box.clientHeight / 2;
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["class"] });
  },

  // Browsers give a microphone to https and localhost alone; gradio then shows nothing useful.
  warnWithoutMicrophone() {
    if (!window.isSecureContext) document.body.classList.add("no-microphone");
  },
};
window.pipelinePlayground = pipelinePlayground;
pipelinePlayground.followTheBrowser();
document.addEventListener("click", pipelinePlayground.chooseLanguage);
document.addEventListener("keydown", pipelinePlayground.runOnCtrlEnter, true);

// gradio may run this while the document is read, or when it is long there.
function begin() {
  pipelinePlayground.region("said");
  pipelinePlayground.warnWithoutMicrophone();
  pipelinePlayground.announceAnswers();
  pipelinePlayground.scrollToPlaces();
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
