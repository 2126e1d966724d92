import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../../main/resources/static/dashboard/", import.meta.url);

const MAY_IMPORT = { domain: ["domain"], api: ["api", "domain"], widgets: ["widgets", "api", "domain"] };

for (const [folder, allowed] of Object.entries(MAY_IMPORT)) {
  const files = readdirSync(new URL(`${folder}/`, ROOT));

  test(`${folder} imports from nowhere but ${allowed.join(", ")}`, () => {
    const imports = files.flatMap((file) =>
      [...read(folder, file).matchAll(/ from "(.+)"/g)].map(([, path]) => new URL(path, new URL(`${folder}/`, ROOT))),
    );

    assert.ok(imports.every(({ href }) => allowed.some((each) => href.startsWith(new URL(`${each}/`, ROOT).href))));
  });
}

test("domain uses nothing of the browser", () => {
  for (const file of readdirSync(new URL("domain/", ROOT))) {
    assert.doesNotMatch(read("domain", file), /\b(document|window|location|sessionStorage|localStorage|fetch|setTimeout)\b/);
  }
});

function read(folder, file) {
  return readFileSync(new URL(`${folder}/${file}`, ROOT), "utf8");
}
