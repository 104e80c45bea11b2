// What only the browser can do: the keyboard, the clipboard, and knowing whether it may record.
// `languages` comes with the page: path -> tag, and the texts of the scripts; English is none.
const language = Object.keys(languages).find((path) =>
  location.pathname.replace(/\/$/, "").endsWith(`/${path}`));
const translated = (text) => languages[language]?.texts[text] ?? text;
const pipelinePlayground = {
  // A visitor whose browser speaks one of the languages is shown that, until they choose
  // otherwise; where it cannot keep that choice, they are sent nowhere.
  followTheBrowser() {
    pipelinePlayground.nameTheLanguage();
    const kept = pipelinePlayground.recall("language");
    if (kept === undefined) return;
    const chosen = kept ?? navigator.language;
    const path = Object.keys(languages).find((path) => chosen.startsWith(path));
    if (!language && path)
      location.replace(`${location.pathname.replace(/\/?$/, `/${path}`)}${location.search}`);
  },

  // For screen readers. gradio 6.31 names the browser's language, whatever the page is written in.
  nameTheLanguage() {
    const html = document.documentElement;
    const name = () => { if (html.lang !== written) html.lang = written; };
    const written = languages[language]?.tag ?? "en";
    name();
    new MutationObserver(name).observe(html, { attributes: true, attributeFilter: ["lang"] });
  },

  // The switch keeps what the link of this page carries.
  chooseLanguage(event) {
    const way = event.target.closest?.(".language a");
    if (!way) return;
    pipelinePlayground.remember("language", way.lang);
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab or window of its own
    event.preventDefault();
    // The same page in other words: Back leads to where the visitor came from, not to the language
    // they left, which would send them here again.
    location.replace(new URL(way.getAttribute("href"), location.href).href + location.search);
  },

  // null for what was never kept, undefined where nothing can be: a browser that blocks cookies, as
  // for a frame in another site, throws at any use of its storage.
  recall(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return undefined;
    }
  },

  remember(name, value) {
    try {
      localStorage.setItem(name, value);
    } catch {
      // Then it holds for this visit alone.
    }
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
  async copyLink([kind, provider, url, ...values], tab, names, usual, staying) {
    const query = new URLSearchParams({ tab, ...pipelinePlayground.place(kind, provider, url) });
    names.forEach((name, i) => {
      const value = values[i];
      const needless = value === null || value === "" || value === usual[name] || staying.includes(name);
      if (!needless) query.set(name, pipelinePlayground.written(value));
    });
    const link = `${location.origin}${location.pathname}?${query}`;
    history.replaceState(null, "", link);
    try {
      await navigator.clipboard.writeText(link);
      pipelinePlayground.say(translated("Link copied. It is in the address bar too."));
    } catch {
      pipelinePlayground.say(link);  // no leave to copy: it can be marked by hand
    }
  },

  // Where to run, as a link says it. No token is ever in it, nor what may hold one.
  place(kind, provider, url) {
    const told = { hub: { provider }, endpoint: { url: pipelinePlayground.address(url) } };
    return { on: kind, ...told[kind] };
  },

  address(url) {
    try {
      const { protocol, origin, pathname } = new URL(url);
      return protocol.startsWith("http") ? origin + pathname : "";
    } catch {
      return "";
    }
  },

  // This browser remembers the switch as the visitor turned it; a link overrules it for once.
  rememberPlace(kind, provider, url) {
    if (!document.activeElement?.closest(".switch, .place")) return;
    const place = { on: kind, provider, url: pipelinePlayground.address(url) };
    pipelinePlayground.remember("place", new URLSearchParams(place).toString());
  },

  rememberedPlace() {
    return [pipelinePlayground.recall("place") ?? ""];
  },

  // A token for an endpoint belongs to the host it was typed for: another host empties the field.
  tokenOfHost(url, token) {
    const host = pipelinePlayground.hostOfToken;
    if (!host || host === pipelinePlayground.host(url)) return token;
    pipelinePlayground.hostOfToken = "";
    return "";
  },

  bindToken(url, token) {
    if (token) pipelinePlayground.hostOfToken ||= pipelinePlayground.host(url);
  },

  bindTokenAnew(url, token) {
    pipelinePlayground.hostOfToken = token ? pipelinePlayground.host(url) : "";
  },

  host(url) {
    return URL.canParse(url) ? new URL(url).origin : "";
  },

  // gradio 6.31 draws each radio button as a group of its own: arrow keys and ears want one group.
  nameTheSwitch(event) {
    const group = event.target.closest?.("fieldset.switch");
    const name = group?.querySelector("[data-testid=block-info]").textContent;
    if (group) group.setAttribute("aria-label", name);
  },

  turnByArrow(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const group = event.target.closest?.("fieldset.switch");
    if (!group || !step) return;
    event.preventDefault();
    const radios = [...group.querySelectorAll("input")];
    const next = radios.at((radios.indexOf(event.target) + step) % radios.length);
    next.focus();
    next.click();
  },

  // Who serves the model in view is asked only while the Inference API is chosen.
  look(kind) {
    if (kind !== "hub") return;
    // By then the tab that was just clicked is the one in view.
    requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector(".look")?.click()));
  },

  withTaskInView(_, ...values) {
    const names = [...document.querySelectorAll(".intro code")];
    return [names.find((name) => name.offsetParent)?.textContent ?? "", ...values];
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

  // Browsers give a microphone to https and localhost alone, to a frame only where the page around it
  // allows that, and to nobody whom the visitor refused; gradio then shows nothing useful.
  async warnWithoutMicrophone() {
    const classes = document.body.classList;
    if (!window.isSecureContext) return classes.add("no-microphone");
    const show = (blocked) => classes.toggle("microphone-blocked", blocked);
    if (document.featurePolicy?.allowsFeature("microphone") === false) return show(true);
    const leave = await navigator.permissions?.query({ name: "microphone" }).catch(() => null);
    if (!leave) return; // a browser that does not say
    show(leave.state === "denied");
    leave.onchange = () => show(leave.state === "denied");
  },
};
window.pipelinePlayground = pipelinePlayground;
pipelinePlayground.followTheBrowser();
document.addEventListener("click", pipelinePlayground.chooseLanguage);
document.addEventListener("focusin", pipelinePlayground.nameTheSwitch);
document.addEventListener("keydown", pipelinePlayground.turnByArrow);
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
