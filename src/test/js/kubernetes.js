// Judges resources, a JSON array of them in a file, by the schemas of Kubernetes and of the operators, and by their
// types, which know no key that is misspelt.

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const MODELS = {
  "apps/v1": "kubernetes-models/apps/v1",
  "policy/v1": "kubernetes-models/policy/v1",
  v1: "kubernetes-models/v1",
  "monitoring.coreos.com/v1": "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1",
  "postgresql.cnpg.io/v1": "@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1",
};
const TYPED = "kubernetes-resources.ts";

const resources = JSON.parse(readFileSync(process.argv[2], "utf8"));
let failed = resources.length === 0;
for (const resource of resources) {
  const name = `${resource.apiVersion} ${resource.kind} ${resource.metadata?.name}`;
  try {
    const models = await import(`${MODELS[resource.apiVersion]}/${resource.kind}`);
    new models[resource.kind](resource).validate();
    console.log(`${name}: valid`);
  } catch (error) {
    failed = true;
    console.log(`${name}: ${error.message}`);
  }
}

writeFileSync(
  TYPED,
  resources
    .map((resource, at) => {
      const type = `I${resource.kind}`;
      const model = `${MODELS[resource.apiVersion]}/${resource.kind}`;
      return `import type { ${type} as Type${at} } from "${model}";
export const resource${at}: Type${at} = ${JSON.stringify(resource, null, 2)};
`;
    })
    .join(""),
);
const tsc = spawnSync(
  "node_modules/.bin/tsc",
  ["--noEmit", "--strict", "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler", TYPED],
  { encoding: "utf8" },
);
console.log(tsc.stdout);
process.exitCode = failed || tsc.status !== 0 ? 1 : 0;
