package incident

import (
	"context"
	"errors"
	"strings"
)

// Attached finds the incident that has a URL as its context, as Declaration.AttachURL makes it, drills included. It is how
// to find out whether a Declare that was Uncertain happened: attach a URL that no other incident has.
//
// Not finding it proves nothing at first: how soon a new incident can be searched for is not documented, so look again
// after a while before concluding. When several have the URL, the oldest of the latest hundred is given: the others are
// its twins. Whether Grafana finds a URL by a part of it is not documented either, so no URL should be the beginning of
// another. The incident is read once more after it was found, since a search may show it as it was. Errors are Unchanged.
func (s *Stack) Attached(ctx context.Context, url string) (Incident, bool, error) {
	id, err := s.attachedTo(ctx, url)
	if err != nil || id == "" {
		return Incident{}, false, unchanged(err)
	}
	i, err := s.Incident(ctx, id)
	return i, err == nil, unchanged(err)
}

// attachedTo is the id of the oldest incident with a URL, "" when none is found.
func (s *Stack) attachedTo(ctx context.Context, url string) (string, error) {
	const op = "find an incident by its context"
	if err := checkText(op, url); err != nil { // an empty term would leave the search without any
		return "", err
	}
	query, err := Query{Context: url}.queryString(nil)
	if err != nil {
		return "", err
	}
	out, err := s.previews(ctx, op, query, maxLimit, "")
	if err == nil && len(out.IncidentPreviews) == 0 {
		// Whether a search leaves drills out that says nothing of them is not documented.
		out, err = s.previews(ctx, op, query+" isdrill:true", maxLimit, "")
	}
	if err != nil {
		return "", err
	}
	oldest := Incident{}
	for _, p := range out.IncidentPreviews {
		if i := s.fromPreview(p); i.ID != "" && (oldest.ID == "" || !i.Declared.After(oldest.Declared)) {
			oldest = i
		}
	}
	return oldest.ID, nil
}

// unchanged marks the failure of what only reads. nil stays nil.
func unchanged(err error) error {
	var e *Error
	if !errors.As(err, &e) || e.Unchanged {
		return err
	}
	same := *e
	same.Unchanged = true
	return &same
}

// sameText compares a text with what the API gave back of it. White space is left aside: nothing says that the API
// keeps it as it was sent, and a text that is not recognised would be written twice.
func sameText(sent, got string) bool {
	return strings.Join(strings.Fields(sent), " ") == strings.Join(strings.Fields(got), " ")
}
