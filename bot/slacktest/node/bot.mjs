// A small bot on Slack's own Node clients. TestNodeClients starts it with the addresses and tokens of the simulated Slack
// in its environment, acts as people do, and looks at what Slack would show. It ends when its standard input does.
import { SocketModeClient } from '@slack/socket-mode';
import { WebClient } from '@slack/web-api';

const { SLACK_API_URL: slackApiUrl, SLACK_APP_TOKEN: appToken, SLACK_BOT_TOKEN: botToken } = process.env;
const web = new WebClient(botToken, { slackApiUrl, retryConfig: { retries: 0 } });
const socket = new SocketModeClient({
  appToken,
  clientPingTimeout: 200, // also the pause before it reconnects
  clientOptions: { slackApiUrl },
});

const text = (type, s) => ({ type, text: s });
const form = {
  type: 'modal',
  callback_id: 'declare',
  title: text('plain_text', 'Declare'),
  submit: text('plain_text', 'Go'),
  blocks: [{
    type: 'input',
    block_id: 'title',
    label: text('plain_text', 'Title'),
    element: { type: 'plain_text_input', action_id: 'title' },
  }],
};

// refusal says which error a call was refused with, and where Slack saw it.
const refusal = (err) => {
  const where = err.data?.response_metadata?.messages?.[0] ?? '';
  return `${err.data?.error ?? err.message} ${where}`.trim();
};

const words = {
  async post({ channel_id: channel }) {
    const blocks = [
      { type: 'section', text: text('mrkdwn', '*Card*') },
      { type: 'actions', elements: [{ type: 'button', action_id: 'go', text: text('plain_text', 'Go'), value: '42' }] },
    ];
    const { ts } = await web.chat.postMessage({ channel, text: 'draft' });
    await web.chat.update({ channel, ts, text: 'card', blocks });
  },
  async form({ trigger_id }) {
    await web.views.open({ trigger_id, view: form });
  },
  async invalid({ channel_id: channel }) {
    const blocks = [{ type: 'header', text: text('plain_text', 'x'.repeat(151)) }];
    try {
      await web.chat.postMessage({ channel, text: 'x', blocks });
    } catch (err) {
      await web.chat.postMessage({ channel, text: refusal(err) });
    }
  },
  async who({ channel_id: channel, user_id: user }) {
    const [auth, info] = await Promise.all([web.auth.test(), web.users.info({ user })]);
    await web.chat.postMessage({ channel, text: `${auth.user} for ${info.user.name}` });
  },
};

const guard = (f) => (...args) => f(...args).catch((err) => {
  console.error(err);
  process.exit(1);
});

socket.on('slash_commands', guard(async ({ ack, body }) => {
  const run = words[body.text];
  if (!run) {
    await ack({ text: `you said ${body.text}` });
    return;
  }
  await ack();
  await run(body);
}));

socket.on('app_mention', guard(async ({ ack, event, retry_num }) => {
  await ack();
  await web.chat.postMessage({ channel: event.channel, thread_ts: event.ts, text: `heard, attempt ${retry_num}` });
}));

socket.on('interactive', guard(async ({ ack, body }) => {
  if (body.type === 'view_submission') {
    await ack({ response_action: 'errors', errors: { title: 'longer, please' } });
    return;
  }
  await ack();
  await fetch(body.response_url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ replace_original: true, text: `pressed ${body.actions[0].value}` }),
  });
}));

process.stdin.resume();
process.stdin.on('end', () => socket.disconnect().then(() => process.exit(0)));
await socket.start();
console.log('connected');
