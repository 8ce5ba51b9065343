// Alipay's gateway as far as a merchant of the mainland uses it: page, wap and precreate trades, query, close, refund, notices.
// alipay-sdk, Alipay's own library for Node, verifies every request, and every answer and notice before it leaves.

import { createSign } from "node:crypto";
import { createServer } from "node:http";
import { AlipaySdk } from "alipay-sdk";

process.env.TZ = "Asia/Shanghai"; // alipay-sdk stamps its requests with local time, which Alipay reads as Beijing's
const { appId, sellerId, merchantPrivateKey, merchantPublicKey, alipayPrivateKey, alipayPublicKey } = JSON.parse(process.env.STANDIN);
const sdk = (privateKey, publicKey, gateway) =>
  new AlipaySdk({ appId, privateKey, keyType: "PKCS8", alipayPublicKey: publicKey, camelcase: false, ...(gateway && { gateway }) });
const ofMerchant = sdk(alipayPrivateKey, merchantPublicKey); // judges what the merchant signs
const ofAlipay = sdk(merchantPrivateKey, alipayPublicKey); // judges what Alipay signs

const prepared = new Map(); // QR codes and links that nobody has opened: no trade yet
const trades = new Map();
const refunds = new Map();
let fundChange = "Y";
let signs = true;

class Refusal extends Error {
  constructor(code, subCode) {
    super(subCode);
    Object.assign(this, { code, subCode });
  }
}
const refuse = (subCode, code = "40004") => { throw new Refusal(code, subCode); };
const hold = (fine, name) => fine || refuse(`isv.invalid-${name}`, "40002");
const fen = (text) => (/^\d+\.\d\d$/.test(text) ? Math.round(Number(text) * 100) : refuse("ACQ.INVALID_PARAMETER"));
const yuan = (amount) => (amount / 100).toFixed(2);
const beijing = (at) => new Date(at + 8 * 3600_000).toISOString().slice(0, 19).replace("T", " ");
const moment = (text) => Date.parse(`${text.replace(" ", "T")}+08:00`);
const known = (number) => trades.get(number) ?? refuse("ACQ.TRADE_NOT_EXIST");
const paid = (trade) => trade.send_pay_date !== undefined;

function checked(parameters) {
  hold(parameters.app_id === appId, "app-id");
  hold(ofMerchant.checkNotifySignV2(parameters), "signature");
  hold(parameters.sign_type === "RSA2" && parameters.version === "1.0" && parameters.charset === "utf-8", "parameters");
  hold(Math.abs(Date.now() - moment(parameters.timestamp)) < 3 * 3600_000, "timestamp"); // in Beijing, not in UTC
  return JSON.parse(parameters.biz_content);
}

function prepare(method, wanted, parameters) {
  const before = prepared.get(wanted.out_trade_no);
  hold(/^\w{1,64}$/.test(wanted.out_trade_no), "out-trade-no");
  hold(fen(wanted.total_amount) >= 1 && fen(wanted.total_amount) <= 1e10, "total-amount");
  hold(wanted.subject?.length >= 1 && wanted.subject.length <= 256 && !/[/=&]/.test(wanted.subject), "subject");
  hold(moment(wanted.time_expire) > Date.now(), "time-expire");
  hold(/^https?:\/\//.test(parameters.notify_url), "notify-url");
  const product = { "alipay.trade.page.pay": "FAST_INSTANT_TRADE_PAY", "alipay.trade.wap.pay": "QUICK_WAP_WAY" }[method];
  hold(wanted.product_code === product, "product-code");
  if (before && before.total_amount !== wanted.total_amount) refuse("ACQ.CONTEXT_INCONSISTENT");
  if (trades.has(wanted.out_trade_no) && paid(known(wanted.out_trade_no))) refuse("ACQ.TRADE_HAS_SUCCESS");
  prepared.set(wanted.out_trade_no, { ...wanted, method });
  return { out_trade_no: wanted.out_trade_no, qr_code: `https://qr.alipay.com/bax${wanted.out_trade_no.slice(-20)}` };
}

function open(number) {
  const { out_trade_no, total_amount, time_expire, passback_params } = prepared.get(number) ?? refuse("ACQ.TRADE_NOT_EXIST");
  const trade_no = `2026112322001${String(trades.size).padStart(15, "0")}`;
  const fresh = { trade_no, out_trade_no, total_amount, time_expire, passback_params, trade_status: "WAIT_BUYER_PAY" };
  if (!trades.has(number)) trades.set(number, fresh);
  return trades.get(number);
}

function pay(number) {
  const trade = open(number);
  if (trade.trade_status !== "WAIT_BUYER_PAY" || moment(trade.time_expire) < Date.now()) refuse("ACQ.TRADE_HAS_CLOSE");
  return Object.assign(trade, { trade_status: "TRADE_SUCCESS", send_pay_date: beijing(Date.now()) });
}

function query({ out_trade_no }) {
  const { time_expire, passback_params, refunded, ...told } = known(out_trade_no);
  return { ...told, buyer_logon_id: "csq***@sandbox.com", buyer_pay_amount: "0.00", receipt_amount: "0.00" };
}

function close({ out_trade_no }) {
  const trade = known(out_trade_no);
  if (trade.trade_status !== "WAIT_BUYER_PAY") refuse("ACQ.TRADE_STATUS_ERROR");
  trade.trade_status = "TRADE_CLOSED";
  return { out_trade_no, trade_no: trade.trade_no };
}

function refund({ out_trade_no, out_request_no, refund_amount }) {
  const trade = known(out_trade_no);
  const key = `${out_trade_no} ${out_request_no}`;
  const amount = fen(refund_amount);
  if (!paid(trade)) refuse("ACQ.TRADE_STATUS_ERROR");
  if (refunds.has(key) && refunds.get(key) !== amount) refuse("ACQ.DISCORDANT_REPEAT_REQUEST");
  const again = refunds.has(key);
  const total = (trade.refunded ?? 0) + (again ? 0 : amount);
  if (total > fen(trade.total_amount)) refuse("ACQ.REASON_TRADE_REFUND_FEE_ERR");
  if (fundChange === "Y") refunds.set(key, amount);
  if (fundChange === "Y") Object.assign(trade, { refunded: total }, total === fen(trade.total_amount) && { trade_status: "TRADE_CLOSED" });
  return { out_trade_no, trade_no: trade.trade_no, fund_change: again ? "N" : fundChange, refund_fee: yuan(trade.refunded ?? 0) };
}

function refundQuery({ out_trade_no, out_request_no }) {
  const { trade_no, total_amount } = known(out_trade_no);
  const amount = refunds.get(`${out_trade_no} ${out_request_no}`);
  return amount === undefined ? {} :
    { out_trade_no, trade_no, out_request_no, total_amount, refund_amount: yuan(amount), refund_status: "REFUND_SUCCESS" };
}

const METHODS = {
  "alipay.trade.precreate": (content, parameters) => prepare("alipay.trade.precreate", content, parameters),
  "alipay.trade.query": query, "alipay.trade.close": close, "alipay.trade.refund": refund,
  "alipay.trade.fastpay.refund.query": refundQuery,
};
const LINKS = new Set(["alipay.trade.page.pay", "alipay.trade.wap.pay"]);

const signature = (text) => createSign("RSA-SHA256").update(text, "utf8").sign(alipayPrivateKey, "base64");

function signed(name, content) {
  const sign = signature(JSON.stringify(content));
  if (!signs) return JSON.stringify({ [name]: content });
  const text = JSON.stringify({ [name]: content, sign });
  ofAlipay.checkResponseSign(text, name, sign); // throws
  return text;
}

function notice({ id, at, out_trade_no, order_id, total_amount, trade_status, ...more }) {
  const form = {
    notify_time: beijing(at * 1000), notify_type: "trade_status_sync", notify_id: id, app_id: appId, charset: "utf-8", version: "1.0",
    sign_type: "RSA2", trade_no: "2026112322001000000000000000", out_trade_no, seller_id: sellerId, trade_status, total_amount,
    passback_params: order_id, subject: "注文 Order + 1", ...more,
  };
  const { sign_type, ...rest } = form;
  form.sign = signature(Object.keys(rest).sort().map((name) => `${name}=${rest[name]}`).join("&"));
  if (!ofAlipay.checkNotifySignV2(form)) throw new Error("alipay-sdk does not accept the notice");
  return { body: new URLSearchParams(form).toString() };
}

const CONTROL = {
  open: ({ out_trade_no }) => open(out_trade_no),
  pay: ({ out_trade_no }) => pay(out_trade_no),
  notice,
  prepared: ({ out_trade_no }) => prepared.get(out_trade_no) ?? null,
  next_refund: ({ fund_change }) => { fundChange = fund_change; },
  sign: ({ on }) => { signs = on; },
  // The whole way once with Alipay's own library, which verifies the answer.
  by_sdk: ({ method, content }) =>
    sdk(merchantPrivateKey, alipayPublicKey, `http://127.0.0.1:${server.address().port}/gateway.do`)
      .exec(method, { bizContent: content }, { validateSign: true }),
};

function answered(parameters) {
  const { method } = parameters;
  const name = `${method.replaceAll(".", "_")}_response`;
  try {
    const content = checked(parameters);
    if (LINKS.has(method)) {
      prepare(method, content, parameters);
      open(content.out_trade_no);
      return "<html><body>支付宝收银台</body></html>";
    }
    return signed(name, { code: "10000", msg: "Success", ...METHODS[method](content, parameters) });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const told = { code: error.code, msg: "Business Failed", sub_code: error.subCode, sub_msg: error.subCode };
    // What fails before the app is known is answered unsigned.
    return /^isv\.invalid-(app-id|signature)$/.test(error.subCode) ? JSON.stringify({ [name]: told }) : signed(name, told);
  }
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const url = new URL(request.url, "http://stand-in");
  const control = url.pathname.match(/^\/_control\/(\w+)$/)?.[1];
  try {
    const form = request.headers["content-type"]?.includes("form") ? new URLSearchParams(body) : [];
    const text = control
      ? JSON.stringify((await CONTROL[control](JSON.parse(body))) ?? null)
      : answered(Object.fromEntries([...url.searchParams, ...form]));
    response.writeHead(200, { "Content-Type": text.startsWith("<") ? "text/html" : "application/json" }).end(text);
  } catch (error) {
    response.writeHead(500, { "Content-Type": "application/json" }).end(JSON.stringify({ message: error.message }));
  }
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
