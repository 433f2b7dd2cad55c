// Signs the requests of standard input with @smithy/signature-v4, the signer of the AWS SDK for JavaScript v3.
// wire.py tells the form of the lines.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

// The packages are not beside this file but in the folder that this process was started in.
const require = createRequire(`${process.cwd()}/`);
const { SignatureV4 } = require("@smithy/signature-v4");
const { HttpRequest } = require("@smithy/protocol-http");
const { Sha256 } = require("@aws-crypto/sha256-js");

const escape = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

// The SDK keeps a query as a map, with a list where a name repeats; a name without a value has the empty one.
function bag(pairs) {
  const query = Object.create(null);
  for (const [name, value] of pairs) {
    const text = value ?? "";
    query[name] = name in query ? [query[name], text].flat() : text;
  }
  return query;
}

// Headers are a map too; what repeats is joined.
function fields(pairs) {
  const headers = {};
  for (const [name, value] of pairs) headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  return headers;
}

const spell = (query) =>
  Object.entries(query)
    .flatMap(([name, values]) => [values].flat().map((value) => `${escape(name)}=${escape(value)}`))
    .join("&");

async function sign(request) {
  const body = Buffer.from(request.body_b64, "base64");
  const outgoing = new HttpRequest({
    method: request.method,
    protocol: "https:",
    path: request.path,
    query: bag(request.query),
    headers: fields(request.headers),
    body: body.length ? body : undefined,
  });
  const signer = new SignatureV4({
    credentials: {
      accessKeyId: request.akid,
      secretAccessKey: request.secret,
      sessionToken: request.token ?? undefined,
    },
    region: request.region,
    service: request.service,
    sha256: Sha256,
    uriEscapePath: request.service !== "s3",
  });
  const signingDate = new Date(request.time * 1000);
  const signed =
    request.form === "query"
      ? await signer.presign(outgoing, { signingDate, expiresIn: 900 })
      : await signer.sign(outgoing, { signingDate });
  const { akid, secret, region, service, time } = request;
  return {
    method: signed.method,
    path: signed.path,
    query: spell(signed.query),
    headers: Object.entries(signed.headers),
    body_b64: request.body_b64,
    akid, secret, region, service, time,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await sign(JSON.parse(line)))}\n`);
}
