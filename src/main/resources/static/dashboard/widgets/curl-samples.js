// How to call the service for one resource.

import { curlSamples, SET_KEYS } from "../domain/curl-samples.js";
import { command } from "./command.js";
import { el } from "./dom.js";

export function curlSamplesPanel(resource) {
  return el(
    "details",
    { class: "calls" },
    el("summary", {}, el("h3", {}, "API calls")),
    el("p", { class: "hint" }, "Set the keys in the shell first; a service key works for both:"),
    command(SET_KEYS, "Set the keys"),
    curlSamples(location.origin, resource).map(({ title, key, command: text }) => [
      el("h4", {}, title, el("span", { class: "hint" }, ` ${key}`)),
      command(text, title),
    ]),
  );
}
