package bench

import (
	"context"
	"log"
	"os"
	"runtime"

	"incident-bot/bot"
	"incident-bot/handlers"
	"incident-bot/incident"
)

// memoryBot is the bot itself without its journal: what it received is in its memory alone, as with any other bot. What
// the two differ by is the price of writing it down.
func memoryBot(slackURL string) {
	runtime.GOMAXPROCS(1) // as the program sets itself, see tune
	stack, err := incident.New(incident.Config{URL: os.Getenv("GRAFANA_URL"), Token: bot.NewSecret(os.Getenv("GRAFANA_SERVICE_ACCOUNT_TOKEN")), HTTP: incident.NewHTTP()})
	if err != nil {
		log.Fatal(err)
	}
	stack.Warm(context.Background())
	one, err := bot.New(bot.Options{
		AppToken: bot.NewSecret(os.Getenv("SLACK_APP_TOKEN")), APIURL: slackURL, Sockets: 1,
		Workspaces: []bot.Credentials{{BotToken: bot.NewSecret(os.Getenv("SLACK_BOT_TOKEN"))}},
		Routes: func(b *bot.Bot) bot.Routes {
			return handlers.New(handlers.Config{
				Stack:  func(string) (handlers.Stack, bool) { return stack, true },
				Labels: b.Labels(), People: b.People(), Command: "/incident", Version: "bench", Waiting: b,
			})
		},
	})
	if err == nil {
		err = one.Run(context.Background())
	}
	log.Fatal(err)
}
