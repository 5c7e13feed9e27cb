package blocks

import (
	"strings"

	"github.com/slack-go/slack"
)

// InputOpts says how a TextInput behaves. The zero value is one required line of at most 3,000 characters.
type InputOpts struct {
	Multiline bool
	Optional  bool
	Max       int // characters, 1 to 3,000; 0 means 3,000
}

// Option is one choice: Text is shown (at most 75 characters), Value is sent (at most 75).
type Option struct{ Text, Value string }

// TextInput is a field to type into. Its action_id is its block id. Label and hint take 2,000 characters, the
// placeholder 150; hint, placeholder and initial may be "".
func TextInput(blockID, label, hint, placeholder, initial string, o InputOpts) slack.Block {
	if o.Max <= 0 || o.Max > MaxInput {
		o.Max = MaxInput
	}
	if initial = tidy(initial); !o.Multiline {
		initial = line(initial)
	}
	element := slack.NewPlainTextInputBlockElement(optionalText(placeholder, maxPlaceholder), cutValue(blockID, maxID)).
		WithMultiline(o.Multiline).WithMaxLength(o.Max).WithInitialValue(Cut(initial, o.Max))
	return input(blockID, label, hint, element, o.Optional)
}

// SelectInput is a field to choose one option from, at most 100 of them. An initial value that is no option's leaves
// the choice open. Without options it gives a line that says so, as Slack refuses an empty select.
func SelectInput(blockID, label string, options []Option, initial string, optional bool) slack.Block {
	objects := optionObjects(options, MaxOptions)
	if len(objects) == 0 {
		return noOptions(label)
	}
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, cutValue(blockID, maxID), objects...)
	if found := chosen(objects, initial); len(found) == 1 {
		element.WithInitialOption(found[0])
	}
	return input(blockID, label, "", element, optional)
}

// CheckInput is a field of check boxes, at most 10; ticking none is allowed. checked holds values.
func CheckInput(blockID, label string, options []Option, checked []string) slack.Block {
	objects := optionObjects(options, maxChecks)
	if len(objects) == 0 {
		return noOptions(label)
	}
	element := slack.NewCheckboxGroupsBlockElement(cutValue(blockID, maxID), objects...)
	element.InitialOptions = chosen(objects, checked...)
	return input(blockID, label, "", element, true)
}

func input(blockID, label, hint string, element slack.BlockElement, optional bool) slack.Block {
	return slack.NewInputBlock(cutValue(blockID, maxID), plainText(label, maxLabel), optionalText(hint, maxLabel), element).
		WithOptional(optional)
}

// optionObjects gives the first n options; a value that was there before is passed over, as is an empty one.
func optionObjects(options []Option, n int) []*slack.OptionBlockObject {
	var objects []*slack.OptionBlockObject
	seen := make(map[string]bool, len(options))
	for _, o := range options {
		value := cutValue(o.Value, maxOptionValue)
		if value == "" || seen[value] || len(objects) == n {
			continue
		}
		seen[value] = true
		objects = append(objects, slack.NewOptionBlockObject(value, plainText(o.Text, MaxOptionText), nil))
	}
	return objects
}

// chosen gives the objects with the values: Slack wants an initial option to be one of the options, word for word.
func chosen(objects []*slack.OptionBlockObject, values ...string) []*slack.OptionBlockObject {
	var found []*slack.OptionBlockObject
	for _, o := range objects {
		for _, v := range values {
			if o.Value == v && v != "" {
				found = append(found, o)
				break
			}
		}
	}
	return found
}

func noOptions(label string) slack.Block {
	return Context(Textf("%s: there is nothing to choose from.", line(label)))
}

// optionalText is plainText, or nil for a text that is left out.
func optionalText(s string, n int) *slack.TextBlockObject {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	return plainText(s, n)
}
