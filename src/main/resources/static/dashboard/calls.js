// "How do I call this": curl that works as it is, once the key is in the shell.

import { el, copyButton } from "./dom.js";

/** The key itself is never shown: what is copied ends up in tickets and in shell histories. */
const KEY = `-H "apikey: $VANTAGE_KEY"`;
const JSON_BODY = `-H "Content-Type: application/json"`;

function callsOf(resource) {
  const at = `${location.origin}/sync-states/${encodeURIComponent(resource)}`;
  const post = (call, body) =>
    body
      ? `curl -X POST ${KEY} \\\n  ${JSON_BODY} \\\n  -d '${body}' \\\n  ${at}/${call}`
      : `curl -X POST ${KEY} \\\n  ${at}/${call}`;
  return [
    ["Read its state", "reader key", `curl ${KEY} \\\n  ${at}`],
    ["List its runs", "reader key", `curl ${KEY} \\\n  "${at}/runs?limit=5"`],
    ["Follow all changes", "reader key", `curl -N ${KEY} -H "Accept: text/event-stream" \\\n  ${location.origin}/sync-states`],
    ["Start a sync", "service key", post("start")],
    ["Tell how far it is", "service key", post("progress", `{"records": 1200, "total": 5000}`)],
    [
      "Complete it",
      "service key",
      post("complete", `{"records_synced": 5000, "records_created": 40, "records_updated": 160}`),
    ],
    ["Fail it", "service key", post("fail", `{"errors": [{"code": "API_TIMEOUT", "message": "No answer within 30 s"}]}`)],
  ];
}

/** A panel with the calls of one resource. */
export function callsPanel(resource) {
  return el(
    "details",
    { class: "calls" },
    el("summary", {}, el("h3", {}, "How do I call this?")),
    el("p", { class: "hint" }, "Put a key into the shell first; a service key may do all of it:"),
    command("export VANTAGE_KEY='…'", "Set the key"),
    callsOf(resource).map(([title, key, text]) => [
      el("h4", {}, title, el("span", { class: "hint" }, ` ${key}`)),
      command(text, title),
    ]),
  );
}

function command(text, title) {
  return el(
    "div",
    { class: "command" },
    el("pre", { tabindex: "0", role: "group", "aria-label": title }, el("code", {}, text)),
    copyButton("Copy", () => text),
  );
}
