package blocks

import (
	"fmt"
	"io"
	"strings"
)

// Textf is fmt.Sprintf for markup. The format is ours and is taken as it is; each argument of type Mrkdwn is markup
// and is taken as it is; every other argument is printed as its verb says and then escaped, whatever its type is. A
// Mrkdwn inside another value (a slice, a struct) counts as foreign: Join is for those. The width may not be "*".
func Textf(format string, args ...any) Mrkdwn {
	if false {
		_ = fmt.Sprintf(format, args...) // lets go vet check Textf's calls as it checks Sprintf's
	}
	formatted := make([]any, len(args))
	for i := range args {
		formatted[i] = argument{&args[i]}
	}
	return Mrkdwn(fmt.Sprintf(format, formatted...))
}

// argument prints its value escaped. The value sits behind a pointer because fmt walks into an argument without asking
// its methods when the verb is wrong for it (%w): it finds an address then, and no text.
type argument struct{ value *any }

// Format prints the value for one verb.
func (a argument) Format(f fmt.State, verb rune) {
	plain := verb == 's' || verb == 'v'
	switch v := (*a.value).(type) {
	case Mrkdwn:
		if plain {
			_, _ = io.WriteString(f, string(v))
			return
		}
	case string:
		if _, wide := f.Width(); plain && !wide && !flagged(f) {
			_, _ = escaper.WriteString(f, v)
			return
		}
	}
	_, _ = fmt.Fprintf(escaping{f}, fmt.FormatString(f, verb), *a.value)
}

// flagged says whether a verb asks for more than the bare text.
func flagged(f fmt.State) bool {
	_, precise := f.Precision()
	return precise || f.Flag('#') || f.Flag('+') || f.Flag('-')
}

// escaping escapes what is written. The three characters are single bytes, so pieces may be split anywhere.
type escaping struct{ io.Writer }

func (w escaping) Write(p []byte) (int, error) {
	_, err := escaper.WriteString(w.Writer, string(p))
	return len(p), err
}

// Join puts sep between the parts that are not empty.
func Join(sep Mrkdwn, parts ...Mrkdwn) Mrkdwn {
	kept := make([]string, 0, len(parts))
	for _, p := range parts {
		if p != "" {
			kept = append(kept, string(p))
		}
	}
	return Mrkdwn(strings.Join(kept, string(sep)))
}
