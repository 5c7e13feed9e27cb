package blocks

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/slack-go/slack"
)

// Button sends id and value when it is clicked. The label shows at most 75 characters, of which phones show about 30;
// a value over MaxButtonValue is cut, so check longer ones before.
func Button(id, value, label string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(cutValue(id, maxID), cutValue(value, MaxButtonValue), plainText(label, MaxButtonLabel))
}

// PrimaryButton is a Button for the one thing most people will want here.
func PrimaryButton(id, value, label string) *slack.ButtonBlockElement {
	return Button(id, value, label).WithStyle(slack.StylePrimary)
}

// DangerButton is a Button for what is hard to take back.
func DangerButton(id, value, label string) *slack.ButtonBlockElement {
	return Button(id, value, label).WithStyle(slack.StyleDanger)
}

// linkPrefix marks the ids of buttons that open an address.
const linkPrefix = "link:"

// LinkButton opens an address. Slack reports the click all the same; its id is sent as "link:" + id, and nothing is run
// for it. For what Link would not link it gives nil, which Actions and SectionWith pass over.
func LinkButton(id, label, address string) *slack.ButtonBlockElement {
	if _, ok := parseLink(address); !ok {
		return nil
	}
	return Button(linkPrefix+strings.TrimPrefix(id, linkPrefix), "", label).WithURL(address)
}

// IsLink says whether an action_id is a LinkButton's.
func IsLink(id string) bool { return strings.HasPrefix(id, linkPrefix) }

// Confirm makes Slack ask before b is sent: title at most 100 characters, text 300, each button 30.
func Confirm(b *slack.ButtonBlockElement, title, text, yes, no string) *slack.ButtonBlockElement {
	if b == nil {
		return nil
	}
	return b.WithConfirm(slack.NewConfirmationBlockObject(
		plainText(title, maxConfirmTitle), plainText(text, maxConfirmText),
		plainText(yes, maxConfirmButton), plainText(no, maxConfirmButton)))
}

// BaseID gives the id a button was made with: Actions sends the second "show" of a row as "show~2".
func BaseID(id string) string {
	base, n, ok := strings.Cut(id, "~")
	if _, err := strconv.Atoi(n); !ok || err != nil {
		return id
	}
	return base
}

// distinct gives b, or a copy under another id when its id is in the row already.
func distinct(b *slack.ButtonBlockElement, seen map[string]int) *slack.ButtonBlockElement {
	if b.ActionID == "" {
		return b
	}
	seen[b.ActionID]++
	n := seen[b.ActionID]
	if n == 1 {
		return b
	}
	other := *b
	suffix := "~" + strconv.Itoa(n)
	other.ActionID = cutValue(b.ActionID, maxID-len(suffix)) + suffix
	return &other
}

// absent says whether an optional element is left out; a function's nil *ButtonBlockElement counts too.
func absent(e slack.BlockElement) bool {
	if e == nil {
		return true
	}
	b, ok := e.(*slack.ButtonBlockElement)
	return ok && b == nil
}

// blank says whether nothing of s would be seen.
func blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }) < 0
}
