// Judges messages by what their service publishes: those of Slack and PagerDuty by the types of its client, which know no key
// that is misspelt, and cards of Teams by the parser that shows them.
// Reads a JSON array of them from its input; the service is its argument. Prints what is wrong with them.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
// What the package names as its main module loads in browsers alone.
import cards from 'adaptivecards/dist/adaptivecards.min.js';

const TYPES = {
  slack: `import type { IncomingWebhookSendArguments as Message } from '@slack/webhook';`,
  // Which leaves out two keys of the documentation.
  pagerduty: `import type { EventPayloadV2 } from '@pagerduty/pdjs/build/src/events';
type Message = EventPayloadV2 & { client?: string; client_url?: string };`,
};

let text = '';
for await (const chunk of process.stdin) text += chunk;
const messages = JSON.parse(text);
const service = process.argv[2];
if (service === 'teams') {
  messages.forEach(judgeCard);
} else {
  judgeTypes(TYPES[service]);
}

// As literals, the only ones whose unknown keys the compiler refuses.
function judgeTypes(type) {
  const file = `${service}-messages.ts`;
  const literals = messages.map(message => `  ${JSON.stringify(message)},\n`);
  writeFileSync(file, `${type}\n\nexport const messages: Message[] = [\n${literals.join('')}];\n`);
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler'];
  const compiler = spawnSync('node_modules/.bin/tsc', [...options, '--target', 'es2022', file], { encoding: 'utf8' });
  process.stdout.write(compiler.stdout);
  process.exitCode = compiler.status ?? 1;
}

function judgeCard(message) {
  const card = message.attachments[0].content;
  const context = new cards.SerializationContext(cards.Versions.v1_2);
  const parsed = new cards.AdaptiveCard();
  parsed.parse(card, context);
  const events = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at));
  for (const event of [...events, ...parsed.validateProperties().validationEvents]) {
    console.log(`${event.message} In ${JSON.stringify(card)}`);
  }
  // What it does not know, it leaves out without a word.
  if (!isDeepStrictEqual(parsed.toJSON(), card)) {
    console.log(`${JSON.stringify(card)} is read as ${JSON.stringify(parsed.toJSON())}`);
  }
}
