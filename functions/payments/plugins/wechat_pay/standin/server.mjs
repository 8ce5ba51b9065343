// WeChat Pay's APIv3 as far as a merchant of the mainland uses it: native, jsapi and h5 trades, queries, close, refunds, notices.
// wechatpay-axios-plugin verifies what comes and signs what goes; wechatpay-node-v3 checks every signature once more.

import { createServer } from "node:http";
import { createRequire } from "node:module";

const { Aes, Formatter, Rsa } = createRequire(import.meta.url)("wechatpay-axios-plugin");
const NodeV3 = createRequire(import.meta.url)("wechatpay-node-v3");

const { mchid, appid, merchantPublicKey, merchantPrivateKey, platformPrivateKey, platformPublicKey, platformKeyId, apiv3Key } =
  JSON.parse(process.env.STANDIN);
const merchantKey = Rsa.from(merchantPublicKey, Rsa.KEY_TYPE_PUBLIC);
const platformKey = Rsa.from(platformPrivateKey, Rsa.KEY_TYPE_PRIVATE);
const second = new NodeV3({
  appid, mchid, serial_no: "0", publicKey: Buffer.from(merchantPublicKey), privateKey: Buffer.from(merchantPrivateKey), key: apiv3Key,
});
NodeV3.certificates[platformKeyId] = platformPublicKey;

const trades = new Map();
const refunds = new Map();
let nextRefund = "SUCCESS";

class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}
const refuse = (status, code, message) => { throw new Refusal(status, code, message); };
const hold = (fine, message) => fine || refuse(400, "PARAM_ERROR", message);

function authorized(method, url, header, body) {
  const told = Object.fromEntries([...(header ?? "").matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  const message = Formatter.request(method, url, told.timestamp, told.nonce_str, body);
  const fresh = Math.abs(Date.now() / 1000 - Number(told.timestamp)) < 300;
  const right = told.signature && Rsa.verify(message, told.signature, merchantKey);
  if (!header?.startsWith("WECHATPAY2-SHA256-RSA2048 ") || told.mchid !== mchid || !fresh || !right)
    refuse(401, "SIGN_ERROR", "the signature is wrong");
  // PKCS #1 v1.5 signs a text in one way only: the second library must come to the same signature.
  const again = second.getSignature(method, told.nonce_str, told.timestamp, url, method === "GET" ? undefined : body);
  if (again !== told.signature) refuse(401, "SIGN_ERROR", "the libraries do not agree");
}

const known = (number) => trades.get(number) ?? refuse(404, "ORDER_NOT_EXIST", "there is no such order");

function place(way, wanted) {
  hold(wanted.mchid === mchid, "mchid");
  if (wanted.appid !== appid) refuse(400, "APPID_MCHID_NOT_MATCH", "the appid is not bound to the mchid");
  hold(/^[0-9A-Za-z_\-|*]{6,32}$/.test(wanted.out_trade_no), "out_trade_no");
  hold(wanted.description?.length >= 1 && wanted.description.length <= 127, "description");
  hold(Buffer.byteLength(wanted.attach ?? "") <= 128, "attach");
  hold(/^https?:\/\/[^?#]{4,240}$/.test(wanted.notify_url ?? ""), "notify_url");
  hold(Number.isInteger(wanted.amount?.total) && wanted.amount.total >= 1 && wanted.amount.currency === "CNY", "amount");
  hold(/[+-]\d\d:\d\d$/.test(wanted.time_expire) && Date.parse(wanted.time_expire) > Date.now() + 60_000, "time_expire");
  hold(way !== "jsapi" || wanted.payer?.openid, "payer.openid");
  hold(way !== "h5" || (wanted.scene_info?.payer_client_ip && wanted.scene_info.h5_info?.type), "scene_info");
  const before = trades.get(wanted.out_trade_no);
  if (before && JSON.stringify(before.wanted) !== JSON.stringify(wanted)) refuse(403, "OUT_TRADE_NO_USED", "the number was used before");
  if (before?.state === "CLOSED") refuse(400, "ORDER_CLOSED", "the order is closed");
  if (before?.state === "SUCCESS") refuse(400, "ORDERPAID", "the order is paid");
  if (!before) trades.set(wanted.out_trade_no, { wanted, way, state: "NOTPAY" });
  const id = `wx${String(trades.size).padStart(34, "0")}`;
  return { native: { code_url: `weixin://wxpay/bizpayurl?pr=${id}` }, jsapi: { prepay_id: id }, h5: {
    h5_url: `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${id}&package=1` } }[way];
}

function told(trade) {
  const { wanted, way, state, id } = trade;
  const common = {
    amount: { payer_currency: "CNY", total: wanted.amount.total }, appid, mchid, out_trade_no: wanted.out_trade_no, promotion_detail: [],
    scene_info: { device_id: "" }, trade_state: state, trade_state_desc: state,
  };
  if (!id) return common;
  const returned = [...refunds.values()].some((r) => r.out_trade_no === wanted.out_trade_no);
  return {
    ...common, amount: { ...common.amount, currency: "CNY", payer_total: wanted.amount.total }, attach: wanted.attach, transaction_id: id,
    trade_type: { native: "NATIVE", jsapi: "JSAPI", h5: "MWEB" }[way], bank_type: "OTHERS", payer: { openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
    success_time: trade.at, trade_state: returned ? "REFUND" : state,
  };
}

function pay(number) {
  const trade = known(number);
  if (trade.state !== "NOTPAY" || Date.parse(trade.wanted.time_expire) < Date.now()) refuse(400, "ORDER_CLOSED", "cannot be paid");
  const id = `42000000${String(trades.size).padStart(20, "0")}`;
  return told(Object.assign(trade, { state: "SUCCESS", id, at: new Date().toISOString() }));
}

function close(number) {
  const trade = known(number);
  if (trade.state === "CLOSED") refuse(400, "ORDER_CLOSED", "the order is closed already");
  if (trade.state === "SUCCESS") refuse(400, "ORDERPAID", "the order is paid");
  trade.state = "CLOSED";
}

function refund(wanted) {
  const trade = trades.get(wanted.out_trade_no) ?? refuse(404, "RESOURCE_NOT_EXISTS", "there is no such order");
  if (trade.state !== "SUCCESS") refuse(400, "INVALID_REQUEST", "the order is not paid");
  hold(/^[0-9A-Za-z_\-|*@]{1,64}$/.test(wanted.out_refund_no), "out_refund_no");
  hold(wanted.amount?.total === trade.wanted.amount.total && wanted.amount.currency === "CNY", "amount.total");
  hold(Number.isInteger(wanted.amount.refund) && wanted.amount.refund >= 1, "amount.refund");
  const before = refunds.get(wanted.out_refund_no);
  if (before && before.amount.refund !== wanted.amount.refund) refuse(400, "INVALID_REQUEST", "another amount was asked for before");
  if (before) return before;
  const mine = [...refunds.values()].filter((r) => r.out_trade_no === wanted.out_trade_no);
  const sum = mine.filter((r) => r.status !== "CLOSED").reduce((total, r) => total + r.amount.refund, 0);
  if (mine.length >= 50 || sum + wanted.amount.refund > wanted.amount.total) refuse(400, "INVALID_REQUEST", "more than was paid");
  const made = {
    refund_id: `50300000${String(refunds.size).padStart(20, "0")}`, out_refund_no: wanted.out_refund_no, transaction_id: trade.id,
    out_trade_no: wanted.out_trade_no, channel: "ORIGINAL", user_received_account: "balance", create_time: new Date().toISOString(),
    status: nextRefund, amount: { ...wanted.amount, payer_total: wanted.amount.total, payer_refund: wanted.amount.refund },
  };
  refunds.set(wanted.out_refund_no, made);
  return made;
}

async function signed(body, at = Math.floor(Date.now() / 1000)) {
  const nonce = Formatter.nonce();
  const signature = Rsa.sign(Formatter.response(at, nonce, body), platformKey);
  if (!(await second.verifySign({ timestamp: at, nonce, body, serial: platformKeyId, signature }))) throw new Error("the libraries do not agree");
  return {
    "Wechatpay-Timestamp": String(at), "Wechatpay-Nonce": nonce, "Wechatpay-Serial": platformKeyId, "Wechatpay-Signature": signature,
    "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
  };
}

async function notice({ id, event_type, resource, at }) {
  const nonce = Formatter.nonce(12);
  const plain = JSON.stringify(resource);
  const ciphertext = Aes.AesGcm.encrypt(plain, apiv3Key, nonce, "transaction");
  if (JSON.stringify(second.decipher_gcm(ciphertext, "transaction", nonce, apiv3Key)) !== plain) throw new Error("the libraries do not agree");
  const body = JSON.stringify({
    id, create_time: new Date(at * 1000).toISOString(), resource_type: "encrypt-resource", event_type, summary: event_type,
    resource: { original_type: "transaction", algorithm: "AEAD_AES_256_GCM", ciphertext, associated_data: "transaction", nonce },
  });
  return { headers: await signed(body, at), body };
}

const CONTROL = {
  pay: ({ out_trade_no }) => pay(out_trade_no),
  notice,
  trade: ({ out_trade_no }) => (trades.has(out_trade_no) ? told(known(out_trade_no)) : null),
  placed: ({ out_trade_no }) => trades.get(out_trade_no)?.wanted ?? null,
  next_refund: ({ status }) => { nextRefund = status; },
  refund: ({ out_refund_no, status }) => { refunds.get(out_refund_no).status = status; },
};

function answer(method, url, body) {
  const [path] = url.split("?");
  const way = path.match(/^\/v3\/pay\/transactions\/(native|jsapi|h5)$/)?.[1];
  const [, number, closing] = path.match(/^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)(\/close)?$/) ?? [];
  const [, returned] = path.match(/^\/v3\/refund\/domestic\/refunds\/([^/]+)$/) ?? [];
  if (method === "POST" && way) return place(way, JSON.parse(body));
  if (method === "POST" && closing) return close(number);
  if (method === "GET" && number) return told(known(number));
  if (method === "POST" && path === "/v3/refund/domestic/refunds") return refund(JSON.parse(body));
  if (method === "GET" && returned) return refunds.get(returned) ?? refuse(404, "RESOURCE_NOT_EXISTS", "there is no such refund");
  return refuse(404, "NOT_FOUND", "there is nothing here");
}

async function respond(method, url, headers, body) {
  const control = url.match(/^\/_control\/(\w+)$/)?.[1];
  if (control) return [200, {}, JSON.stringify((await CONTROL[control](JSON.parse(body))) ?? null)];
  authorized(method, url, headers.authorization, body);
  const found = answer(method, url, body);
  const text = found === undefined ? "" : JSON.stringify(found);
  return [text ? 200 : 204, await signed(text), text];
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  try {
    const [status, headers, text] = await respond(request.method, request.url, request.headers, body);
    response.writeHead(status, { ...headers, "Content-Type": "application/json" }).end(text || undefined);
  } catch (error) {
    const { status = 500, code = "SYSTEM_ERROR", message } = error;
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify({ code, message }));
  }
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
