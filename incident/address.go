package incident

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// The ids of the IRM app. The second is the older one, which some stacks still have (docs and grafana/oncall).
const (
	pluginIRM      = "grafana-irm-app"
	pluginIncident = "grafana-incident-app"
)

// address is where a stack is: its own URL, without a slash at the end, and the plugin's id.
type address struct{ stack, plugin string }

// base is where methods live, with the slash that incident-go leaves out: without it the client asks for
// "/api/v1IncidentsService.GetIncident" and takes the 404 for success.
func (a address) base() string {
	return a.stack + "/api/plugins/" + a.plugin + "/resources/api/v1/"
}

// CheckURL says which stack and which plugin an address means, or in people's words what is wrong with it and how to
// mend it. It takes the stack's URL, what the browser shows of a stack on grafana.net, and a full API URL of either
// plugin, down to /resources, /api and /v1; white space and quotes around it are dropped. The stack's URL comes back
// without a slash at its end.
func CheckURL(raw string) (stackURL, pluginID string, err error) {
	a, err := parseAddress(raw)
	return a.stack, a.plugin, err
}

func parseAddress(raw string) (address, error) {
	text := unwrap(raw)
	u, err := url.Parse(text)
	switch {
	case text == "":
		return address{}, errors.New("it is empty. Give your stack's address, like https://my-stack.grafana.net")
	case looksLikeToken(text):
		return address{}, errors.New("it is a token, not an address. Give your stack's address, like https://my-stack.grafana.net")
	case strings.ContainsAny(text, " \t\r\n"):
		return address{}, errors.New("it has white space in the middle. Give one address, like https://my-stack.grafana.net")
	case !strings.Contains(text, "://"):
		return address{}, fmt.Errorf("it does not say https. Write https://%s", strings.TrimLeft(text, "/:"))
	case err != nil:
		return address{}, errors.New("it is not a web address. Give your stack's address, like https://my-stack.grafana.net")
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.TrimSuffix(strings.ToLower(u.Host), ".")
	if err := checkHost(u); err != nil {
		return address{}, err
	}
	return splitPath(u)
}

// checkHost refuses what cannot be a stack, and what would send the token in the clear or to the wrong place.
func checkHost(u *url.URL) error {
	host := u.Hostname()
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("it begins with %s://. Write https://%s", u.Scheme, u.Host)
	case host == "":
		return errors.New("it has no host. Give your stack's address, like https://my-stack.grafana.net")
	case u.User != nil:
		return fmt.Errorf("it holds a user name or password. Write https://%s: the token alone signs in", u.Host)
	case strings.ContainsAny(host, `*<>{}'"\`) || strings.Contains(host, "..") || strings.HasSuffix(host, "."):
		return fmt.Errorf("%q is not a host name. Give your stack's address, like https://my-stack.grafana.net", host)
	case host == "grafana.com" || strings.HasSuffix(host, ".grafana.com"):
		return errors.New("it is Grafana's portal, not your stack. Open your stack from there and give its address, like https://my-stack.grafana.net")
	case host == "grafana.net":
		return errors.New("the stack's name is missing. Write https://my-stack.grafana.net with your stack's name")
	case u.Scheme == "http" && onCloud(host):
		return fmt.Errorf("it begins with http://, and a stack speaks https only. Write https://%s", u.Host)
	}
	return nil
}

// onCloud says whether a host is a stack of Grafana Cloud, which has the stack at its root.
func onCloud(host string) bool { return strings.HasSuffix(host, ".grafana.net") }

// splitPath finds the plugin in an API URL. What stands before it is the stack, which a proxy may keep below a path.
func splitPath(u *url.URL) (address, error) {
	root := u.Scheme + "://" + u.Host
	path := strings.TrimRight(u.EscapedPath(), "/")
	before, after, isAPI := strings.Cut(path+"/", "/api/plugins/")
	before = strings.TrimRight(before, "/")
	if isAPI {
		plugin, rest, _ := strings.Cut(strings.TrimRight(after, "/"), "/")
		if !knownPlugin(plugin) {
			return address{}, fmt.Errorf("it is the API of the plugin %q, and incidents are in %s. Write %s", plugin, pluginIRM, root+before)
		}
		switch rest {
		case "", "resources", "resources/api", "resources/api/v1":
			return address{root + before, plugin}, nil
		}
		return address{}, fmt.Errorf("it goes on after the API with %q. Write %s", rest, root+before)
	}
	if onCloud(u.Hostname()) {
		return address{root, pluginIRM}, nil // a page as the browser shows it
	}
	before, _, _ = strings.Cut(path, "/a/grafana-")
	if u.RawQuery != "" || u.Fragment != "" {
		return address{}, fmt.Errorf("it goes on after the stack's address with ? or #. Write %s", root+before)
	}
	return address{root + before, pluginIRM}, nil
}

func knownPlugin(id string) bool { return id == pluginIRM || id == pluginIncident }

// unwrap drops what comes along when people paste: white space of every kind, quotes, a byte order mark.
func unwrap(pasted string) string {
	return strings.TrimFunc(pasted, func(r rune) bool {
		return r <= ' ' || strings.ContainsRune("\"'`“”‘’«»\u00a0\u200b\u200e\u200f\u2060\ufeff", r)
	})
}
