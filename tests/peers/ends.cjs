// needs: smtp-server@3.21.6, nodemailer@10.6.0 (npm)
// Two mail programs that are not ours, in one process. One JSON line each way:
//   argument  {"key": file, "cert": file, "user": name, "password": word}
//   out       {"port"}, {"letter": {from, to, raw (base64), secure, user, dsn}}, {"sent": what the other end said}, {"failed": why}
//   in        {"send": {port, ca, from, to, subject, text}}; the end of input is the end.
'use strict';
const { SMTPServer } = require('smtp-server');
const nodemailer = require('nodemailer');
const wants = JSON.parse(process.argv[2]);
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');
const file = (name) => require('fs').readFileSync(name);

// The first letter to each mailbox is put off, as greylisting does.
const seen = new Set();
const server = new SMTPServer({
  key: file(wants.key),
  cert: file(wants.cert),
  hideDSN: false,
  authMethods: ['PLAIN', 'LOGIN'],
  onAuth: (auth, _session, done) => {
    const good = auth.username === wants.user && auth.password === wants.password;
    done(good ? null : new Error('no'), good ? { user: auth.username } : undefined);
  },
  onRcptTo: (address, _session, done) => {
    if (seen.has(address.address)) return done();
    seen.add(address.address);
    const later = new Error('greylisted');
    later.responseCode = 450;
    return done(later);
  },
  onData: (stream, session, done) => {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.on('end', () => {
      const { mailFrom, rcptTo, dsn } = session.envelope;
      const to = rcptTo.map((one) => ({ address: one.address, dsn: one.dsn }));
      say({ letter: { from: mailFrom.address, to, raw: Buffer.concat(parts).toString('base64'), secure: session.secure, user: session.user, dsn } });
      done();
    });
  },
});
server.on('error', () => {});
server.listen(0, '127.0.0.1', () => say({ port: server.server.address().port }));

require('readline').createInterface({ input: process.stdin }).on('line', async (line) => {
  const { port, ca, from, to, subject, text } = JSON.parse(line).send;
  const transport = nodemailer.createTransport({ host: 'localhost', port, requireTLS: true, tls: { ca: file(ca) } });
  try {
    say({ sent: (await transport.sendMail({ from, to, subject, text })).response });
  } catch (fault) {
    say({ failed: fault.message });
  }
}).on('close', () => server.close(() => process.exit(0)));
