// Package slacktest is a strict, stateful fake of Slack: the Web API, Socket Mode and the people in front of it. Tests,
// benchmarks and the demo run the whole bot against it, unchanged, over the wire protocols.
//
// The rule of the package is that it is held to Slack's documents and never to a client: it reads and writes raw JSON,
// knows no type of slack-go, and refuses what Slack refuses, by Slack's name and with Slack's JSON pointers. Where Slack
// lets something pass and punishes it later (blocks without a text, a payload in an acknowledgement that takes none) the
// fake lets it pass too and lists it in Server.Violations. Where the documents are silent or disagree it takes the
// reading that is harder on the bot, and says so beside the code with "reported" or "unconfirmed"; a bot that depends on
// the kinder reading fails here first.
//
// A Server is one Slack with one app. Workspaces, Grids, people and channels are made with the New… methods and keep
// their identity in exported fields. People act (User.Command, Mention, Click, Submit, …); each act gives an Act, which
// tells what became of its delivery. State is read as people see it (User.Sees, User.View, Message.Plain), and every
// call of the app is in Server.Calls. Trouble is made on demand: Server.Fail for calls, Disconnect, Cut and Mute for
// sockets, Redeliver for envelopes, SetScopes, Kill, Remove and Archive for permissions.
//
// Files: act, ack, delivery, socket and disconnect are Socket Mode; say, interact, submit and lifecycle are people;
// events and interact hold the payloads; api… are the Web API methods, listed with tier and scopes in methods; check…
// are Block Kit's rules; render, mrkdwn and notify are what a message looks like and whom it alerts.
package slacktest
