// Makes the calls that stand on standard input, one JSON line each, with the AWS SDK for JavaScript v3, and
// answers a JSON line for each. boto3_client.py tells the form of the lines.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

// The packages are not beside this file but in the folder that this process was started in.
const require = createRequire(`${process.cwd()}/`);
const sdk = { iam: require("@aws-sdk/client-iam"), sts: require("@aws-sdk/client-sts") };
const { fromIni } = require("@aws-sdk/credential-providers");

function credentials({ profile, keys }) {
  if (profile) return fromIni({ profile, ignoreCache: true });
  return { accessKeyId: keys.id, secretAccessKey: keys.secret, sessionToken: keys.token };
}

async function perform(call) {
  const { [`${call.service.toUpperCase()}Client`]: Client, [`${call.operation}Command`]: Command } = sdk[call.service];
  const client = new Client({ credentials: credentials(call), maxAttempts: 1 });
  try {
    const { $metadata, ...answer } = await client.send(new Command(call.input));
    return { answer };
  } catch (error) {
    const status = error.$metadata?.httpStatusCode;
    if (status === undefined) throw error;
    const code = error.Code ?? error.Error?.Code ?? error.name;
    return { refusal: { code, status, message: error.message } };
  } finally {
    client.destroy();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  // Whatever breaks in the client is a finding about this call only.
  const reply = await perform(JSON.parse(line)).catch((error) => ({ broken: `${error.name}: ${error.message}` }));
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
