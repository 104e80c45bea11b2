// A lost connection ends the calls under way and nothing else: gradio 6.31 would reload the page
// once the server is back, and with it goes what the visitor typed.
const outage = {
  calls: new Set(), // ids of calls that the server has not ended yet
  lost: false, // since the last call that the server took
  notice: null, // the line that says that the server cannot be reached
  fetch: window.fetch.bind(window),

  // Tried until the server is there; meanwhile a line says so.
  async answered(request) {
    for (;;) {
      try {
        const reply = await outage.fetch(request.clone());
        outage.hideNotice();
        return reply;
      } catch (error) {
        if (request.signal.aborted || error.name === "AbortError") throw error;
        outage.showNotice();
        await new Promise((done) => setTimeout(done, 1000));
      }
    }
  },

  showNotice() {
    if (outage.notice) return;
    outage.notice = document.createElement("div");
    outage.notice.textContent = translated("The server cannot be reached; trying again …");
    pipelinePlayground.region("said").append(outage.notice);
  },

  hideNotice() {
    outage.notice?.remove();
    outage.notice = null;
  },

  async joined(request) {
    const reply = await outage.answered(request);
    if (!reply.ok) return reply;
    outage.lost = false;
    outage.calls.add((await reply.clone().json()).event_id);
    return reply;
  },

  // What the server says of each call, and where it says no more, that they have failed.
  async followed(request) {
    const reply = await outage.fetch(request).catch(() => null);
    const body = reply?.ok ? reply.body : new ReadableStream({ start: (to) => to.close() });
    const events = body.pipeThrough(new TextDecoderStream()).getReader();
    const stream = new ReadableStream({ start: (to) => void outage.pass(events, to, request.signal) });
    return new Response(stream.pipeThrough(new TextEncoderStream()), {
      headers: { "Content-Type": "text/event-stream" },
    });
  },

  async pass(events, to, signal) {
    let rest = "";
    try {
      for (;;) {
        const { done, value } = await events.read();
        if (done) break;
        const parts = (rest + value).split("\n\n");
        rest = parts.pop();
        for (const part of parts) {
          const { msg, event_id } = JSON.parse(part.slice("data:".length));
          if (msg === "unexpected_error" && !event_id) continue; // it stops, and the stream ends
          if (msg === "process_completed") outage.calls.delete(event_id);
          to.enqueue(`${part}\n\n`);
          if (msg === "close_stream") return to.close();
        }
      }
    } catch {
      // The line broke, or the page is left.
    }
    if (signal.aborted) return to.close();
    outage.lost = true;
    const output = { error: "", visible: false };
    for (const event_id of outage.calls)
      to.enqueue(`data: ${JSON.stringify({ msg: "process_completed", event_id, success: false, output })}\n\n`);
    outage.calls.clear();
    to.enqueue('data: {"msg": "close_stream"}\n\n');
    to.close();
  },

  // It tells the server that the visitor is still there.
  async beating(request) {
    const beats = async (to) => {
      while (!request.signal.aborted) {
        try {
          for await (const beat of (await outage.answered(request)).body) to.enqueue(beat);
        } catch {
          // It broke, and is begun anew; unless the page is left.
        }
        await new Promise((done) => setTimeout(done, 1000));
      }
      to.close();
    };
    return new Response(new ReadableStream({ start: (to) => void beats(to) }), {
      headers: { "Content-Type": "text/event-stream" },
    });
  },

  // After a run that failed: Run and Stop as before it, and why, if that was the connection.
  ended() {
    const none = { __type__: "update" };
    if (!outage.lost) return [none, none, none];
    const title = translated("Connection lost");
    const what = translated("The server can no longer be reached. What you entered is still there; press Run again.");
    const said = `<div class="problem" role="alert"><strong>${title}</strong><p>${what}</p></div>`;
    return [{ ...none, interactive: true }, { ...none, visible: false }, said];
  },
};
pipelinePlayground.runEnded = outage.ended;

const WAYS = [
  [/\/gradio_api\/queue\/data\b/, outage.followed],
  [/\/gradio_api\/queue\/join\b/, outage.joined],
  [/\/gradio_api\/heartbeat\//, outage.beating],
  [/\/gradio_api\/run\//, outage.answered],
];
window.fetch = (input, init) => {
  const { pathname } = new URL(input.url ?? input, location.href);
  const way = WAYS.find(([path]) => path.test(pathname));
  return way ? way[1](new Request(input, init)) : outage.fetch(input, init);
};
