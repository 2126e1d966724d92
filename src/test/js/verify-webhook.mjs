// Checks a message with the library that the authors of Standard Webhooks give receivers.
// Reads {"secret", "headers", "body"} from its input; prints the type of the message.

import { Webhook } from 'standardwebhooks';

let text = '';
for await (const chunk of process.stdin) text += chunk;
const { secret, headers, body } = JSON.parse(text);
console.log(new Webhook(secret).verify(body, headers).type);
