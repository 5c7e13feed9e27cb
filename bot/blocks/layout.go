package blocks

import (
	"strconv"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// Header is a large line of plain text, at most 150 characters.
func Header(text string) slack.Block { return slack.NewHeaderBlock(plainText(text, MaxHeader)) }

// Section is a paragraph of at most 3,000 characters. Slack links no bare address in it by itself (verbatim).
func Section(m Mrkdwn) slack.Block { return slack.NewSectionBlock(mrkdwn(m, MaxSection), nil, nil) }

// SectionWith is a Section with one element at its right: a button, a select. A nil element gives a Section.
func SectionWith(m Mrkdwn, accessory slack.BlockElement) slack.Block {
	if absent(accessory) {
		return Section(m)
	}
	return slack.NewSectionBlock(mrkdwn(m, MaxSection), nil, slack.NewAccessory(accessory))
}

// Fields is a section in two columns: at most 10 texts of at most 2,000 characters. More are counted in the last one;
// none give nil.
func Fields(m ...Mrkdwn) slack.Block {
	texts := mrkdwns(m, maxFields, maxField)
	if len(texts) == 0 {
		return nil
	}
	return slack.NewSectionBlock(nil, texts, nil)
}

// Context is small grey text: at most 10 parts. More are counted in the last one; none give nil.
func Context(m ...Mrkdwn) slack.Block {
	texts := mrkdwns(m, maxContextElements, MaxSection)
	if len(texts) == 0 {
		return nil
	}
	elements := make([]slack.MixedElement, len(texts))
	for i, t := range texts {
		elements[i] = t
	}
	return slack.NewContextBlock("", elements...)
}

// Divider is a horizontal line.
func Divider() slack.Block { return slack.NewDividerBlock() }

// Actions is a row of at most 25 elements; nil ones are passed over, none give nil. Slack wants each action_id in a row
// once: a second "show" is sent as "show~2" (see BaseID).
func Actions(blockID string, elements ...slack.BlockElement) slack.Block {
	kept := make([]slack.BlockElement, 0, len(elements))
	seen := make(map[string]int, len(elements))
	for _, e := range elements {
		if absent(e) || len(kept) == maxActionElements {
			continue
		}
		if b, ok := e.(*slack.ButtonBlockElement); ok {
			e = distinct(b, seen)
		}
		kept = append(kept, e)
	}
	if len(kept) == 0 {
		return nil
	}
	return slack.NewActionBlock(cutValue(blockID, maxID), kept...)
}

// mrkdwn is a text object of at most n characters.
func mrkdwn(m Mrkdwn, n int) *slack.TextBlockObject {
	m = CutMrkdwn(Mrkdwn(tidy(string(m))), n)
	if blank(string(m)) {
		m = nothing
	}
	return slack.NewTextBlockObject(slack.MarkdownType, string(m), false, true)
}

// mrkdwns gives text objects for those of m that are not empty, at most n of them and at most maxBlockChars together.
func mrkdwns(m []Mrkdwn, n, size int) []*slack.TextBlockObject {
	var texts []*slack.TextBlockObject
	left, room := 0, maxBlockChars
	for _, text := range m {
		if blank(string(text)) {
			continue
		}
		object := mrkdwn(text, size)
		if room -= utf8.RuneCountInString(object.Text); left == 0 && len(texts) < n && (room >= 0 || len(texts) == 0) {
			texts = append(texts, object)
		} else {
			left++
		}
	}
	if left > 0 {
		texts[len(texts)-1] = mrkdwn(andMore(left+1), size)
	}
	return texts
}

// plainText is a text object that Slack reads no markup in, on one line.
func plainText(s string, n int) *slack.TextBlockObject {
	s = Cut(line(s), n)
	if blank(s) {
		s = nothing
	}
	return slack.NewTextBlockObject(slack.PlainTextType, s, true, false)
}

func andMore(n int) Mrkdwn { return Mrkdwn("… and " + strconv.Itoa(n) + " more") }
