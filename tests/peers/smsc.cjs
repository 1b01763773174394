// needs: smpp@0.5.1 (npm)
// A message center for the SMPP link, on a library that is not ours. One JSON line each way:
//   argument  {"ids": "plain" | "hex", "receipts": "text" | "tlv" | "both", "early": every, "throttle": every, "cut": every,
//              "delay": milliseconds, "password": word, "key": file, "cert": file (then it speaks TLS)}
//   out       {"port"}, {"bound"}, {"submitted": {id, from, to, text, udh, coding}}, {"acknowledged": number}, {"refused": number},
//             {"receipted": id}, {"unanswered": to}
//   in        {"deliver": {number, from, to, text, udh, coding, payload}}; the end of input is the end.
// What is not acknowledged is delivered again, also on the next session.
'use strict';
const smpp = require('smpp');
const wants = JSON.parse(process.argv[2] || '{}');
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');
const nth = (count, every) => every > 0 && count % every === 0;

let session = null;
let submissions = 0;
let lastId = 0x10a0;
const outstanding = new Map();
let next = 0;

const file = (name) => require('fs').readFileSync(name);
const tls = wants.key ? { key: file(wants.key), cert: file(wants.cert) } : {};
const server = smpp.createServer(tls, (peer) => {
  peer.on('error', () => {});
  peer.on('close', () => {
    if (session === peer) session = null;
  });
  peer.on('bind_transceiver', (pdu) => {
    if (pdu.password !== (wants.password || 'secret08')) {
      peer.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
      return;
    }
    peer.send(pdu.response({ system_id: 'center' }));
    session = peer;
    say({ bound: true });
    peer.enquire_link();
    for (const key of outstanding.keys()) deliver(key);
  });
  peer.on('enquire_link', (pdu) => peer.send(pdu.response()));
  peer.on('unbind', (pdu) => {
    peer.send(pdu.response());
    peer.close();
  });
  peer.on('submit_sm', (pdu) => submitted(peer, pdu));
});

function submitted(peer, pdu) {
  submissions += 1;
  if (nth(submissions, wants.throttle)) {
    peer.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
    return;
  }
  lastId += 1;
  const id = wants.ids === 'hex' ? lastId.toString(16).toUpperCase() : `c-${lastId}`;
  const body = pdu.message_payload || pdu.short_message;
  const text = typeof body.message === 'string' ? body.message : String(body.message);
  const udh = (body.udh || []).map((one) => Buffer.from(one).toString('hex')).join('');
  say({ submitted: { id, from: pdu.source_addr, to: pdu.destination_addr, text, udh, coding: pdu.data_coding } });
  const receipt = () => receipted(pdu, id, lastId);
  const answer = () => peer.send(pdu.response({ message_id: id }));
  if (nth(submissions, wants.cut)) {
    say({ unanswered: pdu.destination_addr });
    peer.destroy();
    return;
  }
  const at = lastId;
  if (nth(submissions, wants.early)) {
    receipted(pdu, id, at);
    setTimeout(answer, 30);
  } else if (wants.delay) {
    setTimeout(() => {
      answer();
      receipted(pdu, id, at);
    }, wants.delay);
  } else {
    answer();
    receipt();
  }
}

// The words name the id in decimal where ids are hexadecimal; the options name it as the answer did.
function receipted(pdu, id, number) {
  const said = wants.ids === 'hex' ? String(number).padStart(10, '0') : id;
  const words = `id:${said} sub:001 dlvrd:001 submit date:2611270100 done date:2611270101 stat:DELIVRD err:000 text:Reading stat:REJECTD`;
  const options = { source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, source_addr_ton: 1, dest_addr_ton: 1 };
  options.esm_class = 4;
  options.short_message = wants.receipts === 'tlv' ? '' : words;
  if (wants.receipts !== 'text') {
    options.receipted_message_id = id;
    options.message_state = 2;
  }
  queue({ receipt: id }, options);
}

function queue(what, options) {
  next += 1;
  outstanding.set(next, { what, options, busy: null });
  deliver(next);
}

function deliver(key) {
  const one = outstanding.get(key);
  const peer = session;
  if (!one || !peer || one.busy === peer) return;
  one.busy = peer;
  peer.deliver_sm({ ...one.options }, (answer) => {
    one.busy = null;
    if (answer.command_status === 0) {
      outstanding.delete(key);
      say(one.what.receipt ? { receipted: one.what.receipt } : { acknowledged: one.what.number });
    } else {
      if (!one.what.receipt) say({ refused: one.what.number });
      setTimeout(() => deliver(key), 20);
    }
  });
}

let input = '';
process.stdin.on('data', (chunk) => {
  input += chunk;
  const lines = input.split('\n');
  input = lines.pop();
  for (const line of lines) {
    const { deliver: one } = JSON.parse(line);
    const message = one.udh ? { udh: Buffer.from(one.udh, 'hex'), message: one.text } : one.text;
    const options = { source_addr: one.from, destination_addr: one.to, source_addr_ton: 1, dest_addr_ton: 1, data_coding: one.coding };
    if (one.udh) options.esm_class = 0x40;
    if (one.payload) options.message_payload = { message: one.text };
    else options.short_message = message;
    queue({ number: one.number }, options);
  }
});
process.stdin.on('end', () => process.exit(0));
server.listen(0, '127.0.0.1', () => say({ port: server.address().port }));
