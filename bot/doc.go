// Package bot is Slack's side of the bridge: it receives what people do in Slack, has it handled, and carries the
// answers back. It knows nothing of incidents.
//
// # The path of a delivery
//
// A listener keeps sockets open (Socket Mode: no public URL). Each socket has one read loop, and the loop does four
// things in this order and nothing else:
//
//  1. decode the frame into a Delivery, our own value: who, where, what, and until when there is a way to answer;
//  2. put it into the Inbox under a key that names the act for ever;
//  3. acknowledge it, on the socket it came from;
//  4. hand it over to the lane it belongs to.
//
// The rule of this package follows from it: what Slack was told "received" is ours to finish, and nothing that waits
// for a peer may stand between a frame and its acknowledgement. No call of an API, no channel that may be full, no
// goroutine without a bound. What cannot wait for the inbox (a form's trigger lives 3 seconds, the errors of a
// submitted form travel in the acknowledgement) has a bounded pool of its own, the fast lane, and a budget after which
// it goes the plain way.
//
// # Again, and never twice
//
// Slack delivers at least once. A retry may be the only delivery, so none is dropped for being one; the inbox
// recognises the act instead, by its Key first, then by the envelope's id, then by its Twin. See key.go.
//
// # What outlives the process
//
// An Inbox keeps a delivery as an Entry, commits it before anything is acknowledged, and gives it back to the next
// process until it has ended. What handling it changes outside goes through Once, which logs each effect before it is
// tried and its result after; what is not known is looked for where it would be. An act (the delivery on its way
// through this process) may so be handled many times and has its effects, and its answer, once. Errors that may pass
// put it off: it keeps its place in its lane, its person is told within three seconds, and that message becomes the
// answer.
//
// # Sockets
//
// Slack closes each socket after some hours, and says so. The listener opens the next one at once and reads the old one
// until it closes: with close first and open later, what arrives in between is lost. Several sockets, started apart,
// make the gap of an abrupt cut rarer. A socket on which nothing arrives for 35 seconds, not even a pong, is dead
// whatever TCP says.
//
// # Order and isolation
//
// A lane is a queue: what concerns one incident runs as it came. A workspace has at most 16 handlers at a time, so that
// one with a slow stack delays itself alone. A delivery names its workspace, and tokens are looked up by that and by
// nothing else.
package bot
