package incident

import (
	"strings"
	"sync"
)

// bases remembers at which of the API's two bases a service answers: …/resources/api/v1/ or the unversioned
// …/resources/api/. SeveritiesService, IncidentContextService and ConfigurationTrackerService give 404 under v1
// (grafana/gcx, grafana/oncall); of IntegrationService the sources disagree. So a 404 that says nothing is tried once at
// the other base, and what answered is remembered for each service.
type bases struct {
	mu    sync.Mutex
	found map[string]bool // service → it is unversioned
}

// unversioned says at which base to ask, and whether that is known from an answer.
func (b *bases) unversioned(service string) (yes, known bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if yes, known = b.found[service]; known {
		return yes, true
	}
	switch service {
	case "SeveritiesService", "IncidentContextService", "ConfigurationTrackerService":
		return true, false
	}
	return false, false
}

func (b *bases) remember(service string, unversioned bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.found == nil {
		b.found = map[string]bool{}
	}
	b.found[service] = unversioned
}

// methodOf is "IncidentsService.GetIncident", the end of a request's path.
func methodOf(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func serviceOf(method string) string {
	service, _, _ := strings.Cut(method, ".")
	return service
}

// isRead says whether a method changes nothing, so that it may be sent again.
func isRead(method string) bool {
	_, name, _ := strings.Cut(method, ".")
	return strings.HasPrefix(name, "Get") || strings.HasPrefix(name, "Query")
}

// atBase puts a method's path below the base that is asked for.
func atBase(path string, unversioned bool) string {
	if !unversioned {
		return path
	}
	method := methodOf(path)
	return strings.TrimSuffix(strings.TrimSuffix(path, method), "v1/") + method
}
