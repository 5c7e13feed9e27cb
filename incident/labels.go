package incident

import (
	"context"
	"errors"
	"slices"
	"strings"

	api "github.com/grafana/incident-go"
)

// labelled puts right the labels of a new incident: CreateIncident may process the value alone and leave out the key
// (incident-go: "Only the Label string is processed"). What came back is compared; what is missing is assigned, and what
// was made of it under the default key is taken off. The error is Partial and names the first label that is missing.
func (s *Stack) labelled(ctx context.Context, made Incident, want []Label) (Incident, error) {
	var failed error
	for _, l := range wanted(want) {
		if has(made.Labels, l) {
			continue
		}
		if err := s.assignLabel(ctx, made.ID, l); err != nil {
			failed = errors.Join(failed, inPart(opLabel(made.ID, l), err))
			continue
		}
		made.Labels = append(slices.Clip(made.Labels), l) // they may be the caller's
		if astray := (Label{defaultKey, l.Value}); has(made.Labels, astray) && !has(wanted(want), astray) {
			made.Labels = s.withoutLabel(ctx, made, astray)
		}
	}
	return made, failed
}

func opLabel(id string, l Label) string { return "label " + id + " " + l.Key + "=" + l.Value }

// wanted are the labels as toLabels sends them.
func wanted(labels []Label) []Label {
	var list []Label
	for _, l := range toLabels(labels) {
		list = append(list, Label{l.Key, l.Label})
	}
	return list
}

func has(labels []Label, l Label) bool {
	return slices.ContainsFunc(labels, func(one Label) bool {
		return strings.EqualFold(keyOr(one.Key), l.Key) && strings.EqualFold(one.Value, l.Value)
	})
}

// assignLabel assigns a label. A key or value that the stack does not have must be made first; that they are there
// already is no failure, and assigning twice does nothing twice.
func (s *Stack) assignLabel(ctx context.Context, id string, l Label) error {
	assign := func() error {
		_, err := call(ctx, s, opLabel(id, l), api.NewIncidentsService(s.api).AssignLabel,
			api.AssignLabelRequest{IncidentID: id, Key: l.Key, Value: l.Value})
		return err
	}
	err := assign()
	if !isCode(err, Invalid) && !isCode(err, NotFound) && !isCode(err, Failed) {
		return err
	}
	fields := api.NewFieldsService(s.api)
	_, keyErr := call(ctx, s, "make label key "+l.Key, fields.AddLabelKey, api.AddLabelKeyRequest{Key: l.Key, ColorHex: labelColor})
	_, valueErr := call(ctx, s, "make label "+l.Key+"="+l.Value, fields.AddLabelValue,
		api.AddLabelValueRequest{Key: l.Key, Value: l.Value, ColorHex: labelColor})
	if err := assign(); err != nil {
		s.log.Debug().AnErr("key", keyErr).AnErr("value", valueErr).Msg("label not made")
		return err
	}
	return nil
}

// labelColor is the colour of labels that are made: a grey that can be read on light and dark.
const labelColor = "#8e8e8e"

// withoutLabel takes a label off and gives those that are left. A label too many is no failure.
func (s *Stack) withoutLabel(ctx context.Context, i Incident, l Label) []Label {
	_, err := call(ctx, s, "unlabel "+i.ID, api.NewIncidentsService(s.api).UnassignLabel,
		api.UnassignLabelRequest{IncidentID: i.ID, Key: l.Key, Value: l.Value})
	if err != nil {
		s.log.Warn().Err(err).Msg("label without its key left on a new incident")
		return i.Labels
	}
	return slices.DeleteFunc(slices.Clone(i.Labels), func(one Label) bool { return has([]Label{one}, l) })
}
