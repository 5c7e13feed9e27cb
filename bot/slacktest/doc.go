// Package slacktest is a strict, stateful fake of Slack: the Web API and Socket Mode.
package slacktest
