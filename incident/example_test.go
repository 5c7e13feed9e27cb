package incident_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"incident-bot/incident"
)

// token stands for a value that hides itself, as a program's own secret type does.
type token string

func (t token) Reveal() string { return string(t) }

// A refused request says what kind of failure it was, and whether anything may have happened.
func Example() {
	grafana := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"title":"Access denied","message":"Permissions needed: grafana-incident-app.incidents:write","accessErrorId":"ACE1"}`)
	}))
	defer grafana.Close()

	stack, err := incident.New(incident.Config{URL: grafana.URL, Token: token("glsa_iNValIdinValiDinvalidinvalidinva_5b582697")})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = stack.AddNote(context.Background(), "42", incident.Note{Text: "CPU back to normal"})
	var failure *incident.Error
	if errors.As(err, &failure) {
		fmt.Println(failure.Code, failure.Uncertain(), failure.Temporary())
		fmt.Println(err)
	}
	// Output:
	// forbidden false false
	// add a note to 42: forbidden (403, access.rbac): Permissions needed: grafana-incident-app.incidents:write
}

func ExampleCheckURL() {
	stack, plugin, _ := incident.CheckURL(" https://my-stack.grafana.net/api/plugins/grafana-irm-app/resources/api/v1/ ")
	fmt.Println(stack, plugin)
	_, _, err := incident.CheckURL("my-stack.grafana.net")
	fmt.Println(err)
	// Output:
	// https://my-stack.grafana.net grafana-irm-app
	// it does not say https. Write https://my-stack.grafana.net
}

func ExampleCheckToken() {
	fmt.Println(incident.CheckToken("glsa_iNValIdinValiDinvalidinvalidinva_5b58269"))
	// Output:
	// it is cut short: a token has 46 characters, and this has 45. Copy it again, or make a new one
}
