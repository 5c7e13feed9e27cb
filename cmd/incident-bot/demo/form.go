package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"incident-bot/bot/slacktest"
)

var errNoForm = errors.New("no form is open; /incident declare opens one")

// fill takes a line like "title: checkout is down" for the open form. done says whether it was one.
func (s *session) fill(typed string) (done bool, err error) {
	name, value, ok := strings.Cut(typed, ":")
	if !ok {
		return false, nil
	}
	who, _, _ := s.here()
	v := who.View()
	in, ok := input(v, name)
	if !ok {
		return true, fmt.Errorf("this form has no %q; it has: %s", strings.TrimSpace(name), strings.Join(fieldNames(v), ", "))
	}
	value, err = entry(in, strings.TrimSpace(value))
	if err != nil {
		return true, err
	}
	if err := who.Enter(map[string]string{in.BlockID: value}); err != nil {
		return true, errors.New(strings.TrimPrefix(err.Error(), slacktest.ErrNotSent.Error()+": "))
	}
	s.entered(in.BlockID)
	return true, nil
}

// entered shows the line of the form that was filled in, and not the whole form again.
func (s *session) entered(blockID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.who.View()
	if v == nil {
		return
	}
	s.view = s.formState()
	for _, in := range v.Inputs() {
		if in.BlockID == blockID {
			s.print(drawInput(in, formBlock{})...)
		}
	}
}

// input finds an input by its label or block id, or the beginning of the label.
func input(v *slacktest.View, name string) (slacktest.Input, bool) {
	name = strings.TrimSpace(name)
	all := v.Inputs()
	for _, in := range all {
		if strings.EqualFold(in.Label, name) || strings.EqualFold(in.BlockID, name) {
			return in, true
		}
	}
	for _, in := range all {
		if name != "" && hasPrefixFold(in.Label, name) {
			return in, true
		}
	}
	return slacktest.Input{}, false
}

func fieldNames(v *slacktest.View) []string {
	var names []string
	for _, in := range v.Inputs() {
		names = append(names, fieldName(in))
	}
	return names
}

// entry makes what a person types into what the input takes: an option by its beginning in any case, yes and no for the
// check boxes.
func entry(in slacktest.Input, typed string) (string, error) {
	if len(in.Options) == 0 || typed == "" {
		return typed, nil
	}
	if in.Type == "checkboxes" {
		switch strings.ToLower(typed) {
		case "yes", "y", "on", "true":
			return strings.Join(in.Options, ","), nil
		case "no", "n", "off", "false":
			return "", nil
		}
	}
	parts := []string{typed}
	if in.Type == "checkboxes" || strings.HasPrefix(in.Type, "multi_") {
		parts = strings.Split(typed, ",")
	}
	for i, part := range parts {
		option, ok := pick(in.Options, strings.TrimSpace(part))
		if !ok {
			return "", fmt.Errorf("%s can be: %s", fieldName(in), strings.Join(in.Options, ", "))
		}
		parts[i] = option
	}
	return strings.Join(parts, ","), nil
}

// submit sends the open form.
func (s *session) submit(ctx context.Context, _ string) error {
	who, _, _ := s.here()
	if who.View() == nil {
		return errNoForm
	}
	a := who.Submit(nil)
	answered := func() bool {
		v := who.View()
		return s.hasMessages() || v != nil && (len(v.Errors) > 0 || v.Trouble != "")
	}
	return s.act(ctx, a, answered)
}

// cancel closes the open form.
func (s *session) cancel(ctx context.Context, _ string) error {
	who, _, _ := s.here()
	if who.View() == nil {
		return errNoForm
	}
	who.CloseView()
	return s.follow(ctx, s.hasNews)
}
