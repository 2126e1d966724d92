// curl commands for one resource that work as they are once the keys are in the shell.

/** The keys themselves are never shown: what is copied ends up in tickets and shell histories. */
export const SET_KEYS = "export READER_KEY='…' SERVICE_KEY='…'";
const READER = `-H "apikey: $READER_KEY"`;
const SERVICE = `-H "apikey: $SERVICE_KEY"`;
const JSON_BODY = `-H "Content-Type: application/json"`;

/** @returns a list of {title, key, command} */
export function curlSamples(origin, resource) {
  const address = `${origin}/sync-states/${encodeURIComponent(resource)}`;
  const post = (action, body) =>
    `curl -X POST ${SERVICE} \\\n${body ? `  ${JSON_BODY} \\\n  -d '${body}' \\\n` : ""}  ${address}/${action}`;
  const reader = (title, command) => ({ title, key: "reader key", command });
  const service = (title, command) => ({ title, key: "service key", command });
  return [
    reader("Read the state", `curl ${READER} \\\n  ${address}`),
    reader("List the runs", `curl ${READER} \\\n  "${address}/runs?limit=5"`),
    reader("Follow all changes", `curl -N ${READER} -H "Accept: text/event-stream" \\\n  ${origin}/sync-states`),
    service("Start a sync", post("start")),
    service("Report progress", post("progress", `{"records": 1200, "total": 5000}`)),
    service("Complete it", post("complete", `{"records_synced": 5000, "records_created": 40, "records_updated": 160}`)),
    service("Fail it", post("fail", `{"errors": [{"code": "API_TIMEOUT", "message": "No answer within 30 s"}]}`)),
  ];
}

/** The three calls of a first sync, each as {call, title, command}. */
export function firstCalls(origin, resource) {
  const commands = new Map(curlSamples(origin, resource).map(({ title, command }) => [title, command]));
  return [
    ["start", "Start a sync"],
    ["progress", "Report progress"],
    ["complete", "Complete it"],
  ].map(([call, title]) => ({ call, title, command: commands.get(title) }));
}
