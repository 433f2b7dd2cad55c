// Makes the calls that stand on standard input, one JSON line each, with the AWS SDK for JavaScript v3, and
// answers a JSON line for each. boto3_client.py tells the form of the lines.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

// The packages are not beside this file but in the folder that this process was started in.
const require = createRequire(`${process.cwd()}/`);
const sdk = { iam: require("@aws-sdk/client-iam"), sts: require("@aws-sdk/client-sts") };
const { fromIni, fromTemporaryCredentials, fromWebToken } = require("@aws-sdk/credential-providers");

const kept = new Map();

// Whoever has no credentials here has those that the client finds by itself.
function credentials({ keys, profile, prompted, made }) {
  if (keys) return { accessKeyId: keys.id, secretAccessKey: keys.secret, sessionToken: keys.token };
  if (profile) return fromIni({ profile, ignoreCache: true });
  if (prompted) return fromIni({ profile: prompted.profile, mfaCodeProvider: code(prompted), ignoreCache: true });
  if (made?.maker === "assume-role") {
    return fromTemporaryCredentials({
      masterCredentials: credentials({ keys: made.keys }),
      params: made.input,
      mfaCodeProvider: async () => made.answer,
    });
  }
  if (made) {
    const { RoleArn: roleArn, RoleSessionName: roleSessionName, WebIdentityToken: webIdentityToken } = made.input;
    return fromWebToken({ roleArn, roleSessionName, webIdentityToken });
  }
  return undefined;
}

// The prompt is an application's; what it names, the SDK tells.
function code({ prompt, answer }) {
  return async (serial) => {
    if (!prompt.endsWith(` ${serial}: `)) throw new Error(`asked for a code of ${serial}`);
    return answer;
  };
}

// A client for each profile is kept, as an application keeps it.
function clientFor(call) {
  const make = () =>
    new sdk[call.service][`${call.service.toUpperCase()}Client`]({ credentials: credentials(call), maxAttempts: 1 });
  if (!call.profile) return make();
  const name = `${call.service} ${call.profile}`;
  if (!kept.has(name)) kept.set(name, make());
  return kept.get(name);
}

async function perform(call) {
  const Command = sdk[call.service][`${call.operation}Command`];
  const environment = Object.fromEntries(call.environment ?? []);
  Object.assign(process.env, environment);
  const client = clientFor(call);
  try {
    const { $metadata, ...answer } = await client.send(new Command(call.input));
    return { answer };
  } catch (error) {
    const status = error.$metadata?.httpStatusCode;
    if (status === undefined) throw error;
    const code = error.Code ?? error.Error?.Code ?? error.name;
    return { refusal: { code, status, message: error.message } };
  } finally {
    for (const name of Object.keys(environment)) delete process.env[name];
    if (!call.profile) client.destroy();
  }
}

// Bytes are in base64. Some kinds of them have a form in JSON of their own, so that the member is looked at itself.
function base64(name, value) {
  return this[name] instanceof Uint8Array ? Buffer.from(this[name]).toString("base64") : value;
}

for await (const line of createInterface({ input: process.stdin })) {
  // Whatever breaks in the client is a finding about this call only.
  const reply = await perform(JSON.parse(line)).catch((error) => ({ broken: `${error.name}: ${error.message}` }));
  process.stdout.write(`${JSON.stringify(reply, base64)}\n`);
}
