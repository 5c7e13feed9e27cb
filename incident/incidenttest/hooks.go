package incidenttest

import "slices"

// Hook is something an integration can do when an incident changes.
type Hook struct {
	HookID      string `json:"hookID"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

// EnabledHook is a hook that is wired up to an event. The simulation runs none.
type EnabledHook struct {
	IntegrationID  string `json:"integrationID"`
	EnabledHookID  string `json:"enabledHookID"`
	EventName      string `json:"eventName"`
	Hook           Hook   `json:"hook"`
	IncidentFilter string `json:"incidentFilter"`
	Sensitive      bool   `json:"sensitive"`
}

// HookRun is what became of a hook for one incident. A post-incident document is one of HookID "grate.google.copyFile",
// its address in Metadata.Fields["fileURL"].
type HookRun struct {
	IntegrationID string       `json:"integrationID"`
	HookID        string       `json:"hookID"`
	EnabledHookID string       `json:"enabledHookID"`
	LastRun       string       `json:"lastRun"`
	LastUpdate    string       `json:"lastUpdate"`
	Metadata      HookMetadata `json:"metadata"`
	EventName     string       `json:"eventName"`
	EventKind     string       `json:"eventKind"`
	UpdateStatus  string       `json:"updateStatus"` // todo, success or failed
	UpdateError   string       `json:"updateError"`
	Status        string       `json:"status"` // the same
}

// HookMetadata tells people what a hook did. Fields is known to grafana/oncall, not to incident-go.
type HookMetadata struct {
	Title       string            `json:"title"`
	Explanation string            `json:"explanation"`
	URL         string            `json:"url"`
	Fields      map[string]string `json:"fields,omitempty"`
}

// hookField is a setting of a hook.
type hookField struct {
	Key         string `json:"key"`
	Type        string `json:"type"`
	Description string `json:"description"`
	Value       string `json:"value"`
	Secret      bool   `json:"secret"`
	Checked     bool   `json:"checked"`
	Hidden      bool   `json:"hidden"`
}

type enableHookIn struct {
	IntegrationID string `json:"integrationID"`
	HookID        string `json:"hookID"`
	EventName     string `json:"eventName"`
	HookConfig    struct {
		Fields []hookField `json:"fields"`
	} `json:"hookConfig"`
	IncidentFilter string `json:"incidentFilter"`
	Sensitive      bool   `json:"sensitive"`
}

type enableHookOut struct {
	EnabledHookID string `json:"enabledHookID"`
}

// enableHook wires up a hook. The simulation knows no integrations: any name of one is taken.
func enableHook(s *Server, _ *account, in enableHookIn) (enableHookOut, error) {
	events := []string{"incidentCreated", "incidentDeleted", "incidentUpdated", "incidentClosed", "manuallyTriggered", "incidentFilter"}
	_, unreadable := parseQuery(in.IncidentFilter)
	switch {
	case in.IntegrationID == "" || in.HookID == "":
		return enableHookOut{}, invalid("integrationID and hookID: must not be empty")
	case !slices.Contains(events, in.EventName):
		return enableHookOut{}, invalid("eventName: unknown event %q", in.EventName)
	case unreadable != nil:
		return enableHookOut{}, invalid("Invalid query string")
	}
	h := EnabledHook{IntegrationID: in.IntegrationID, EnabledHookID: s.nextID("hook"), EventName: in.EventName,
		Hook: Hook{HookID: in.HookID, Name: in.HookID}, IncidentFilter: in.IncidentFilter, Sensitive: in.Sensitive}
	s.org.hooks = append(s.org.hooks, h)
	return enableHookOut{h.EnabledHookID}, nil
}

type disableHookIn struct {
	IntegrationID string `json:"integrationID"`
	EnabledHookID string `json:"enabledHookID"`
}

func disableHook(s *Server, _ *account, in disableHookIn) (empty, error) {
	at := slices.IndexFunc(s.org.hooks, func(h EnabledHook) bool {
		return h.EnabledHookID == in.EnabledHookID && h.IntegrationID == in.IntegrationID
	})
	if at < 0 {
		return empty{}, pluginError(404, "hook not found")
	}
	s.org.hooks = slices.Delete(s.org.hooks, at, at+1)
	return empty{}, nil
}

type hooksIn struct {
	EventName string `json:"eventName"`
}

type hooksOut struct {
	EnabledHooks []EnabledHook `json:"enabledHooks"`
}

func getEnabledHooks(s *Server, _ *account, in hooksIn) (hooksOut, error) {
	out := hooksOut{EnabledHooks: []EnabledHook{}}
	for _, h := range s.org.hooks {
		if in.EventName == "" || h.EventName == in.EventName {
			out.EnabledHooks = append(out.EnabledHooks, h)
		}
	}
	return out, nil
}

type hookRunsOut struct {
	HookRuns []HookRun `json:"hookRuns"`
}

func getHookRuns(s *Server, who *account, in idIn) (hookRunsOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return hookRunsOut{}, err
	}
	return hookRunsOut{list(r.HookRuns)}, nil
}
