// Runs telegram-test-api on a free port and prints the port. Mends two answers that a strict client cannot read:
// getMe without is_bot, and message dates in milliseconds.
const TelegramServer = require('telegram-test-api');

const BOT = { id: 123456, is_bot: true, first_name: 'Sen Việt', username: 'sen_viet_bot' };
const server = new TelegramServer({ port: 1, host: '127.0.0.1' });
server.config.port = 0; // the constructor takes 0 for "not given"

const addBotMessage = server.addBotMessage.bind(server);
server.addBotMessage = (raw, token) => {
  const message = addBotMessage(raw, token);
  return { ...message, date: Math.floor(message.date / 1000), from: BOT };
};

server.webServer.all('/bot:token/getMe', (request, response) => response.json({ ok: true, result: BOT }));
const stack = server.webServer._router.stack;
stack.splice(5, 0, stack.pop()); // before the package's own route of that name

server.start().then(() => console.log(server.server.address().port));
