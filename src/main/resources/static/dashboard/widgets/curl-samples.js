// How to call the service for one resource.

import { curlSamples } from "../domain/curl-samples.js";
import { command } from "./command.js";
import { el } from "./dom.js";

export function curlSamplesPanel(resource) {
  return el(
    "details",
    { class: "calls" },
    el("summary", {}, el("h3", {}, "API calls")),
    el("p", { class: "hint" }, "Set a key in the shell first; a service key works for all of them:"),
    command("export VANTAGE_KEY='…'", "Set the key"),
    curlSamples(location.origin, resource).map(({ title, key, command: text }) => [
      el("h4", {}, title, el("span", { class: "hint" }, ` ${key}`)),
      command(text, title),
    ]),
  );
}
