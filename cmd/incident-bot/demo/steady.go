package demo

import (
	"fmt"
	"regexp"
	"strconv"
)

// What differs from run to run.
var (
	reference = regexp.MustCompile(`\bref [0-9a-z]{5}\b`)
	moment    = regexp.MustCompile(`\b(Today|Yesterday|Tomorrow|[A-Z][a-z]{2} \d{1,2}, \d{4}) at \d\d:\d\d\b`)
	minutes   = regexp.MustCompile(`\b(for|after) (\d+ h )?(\d+) min\b`)
	loopback  = regexp.MustCompile(`\b127\.0\.0\.1:\d+\b`)
)

// steady evens out what differs from run to run, so that a transcript can be compared: references, times, ports, and
// ages, which lose what is below five minutes.
func steady(text string) string {
	text = reference.ReplaceAllString(text, "ref 7f3k2")
	text = moment.ReplaceAllString(text, "Today at 14:32")
	text = loopback.ReplaceAllString(text, "127.0.0.1:3000")
	return minutes.ReplaceAllStringFunc(text, func(phrase string) string {
		part := minutes.FindStringSubmatch(phrase)
		n, err := strconv.Atoi(part[3])
		switch n -= n % 5; {
		case err != nil:
			return phrase
		case part[2] != "":
			return fmt.Sprintf("%s %s%02d min", part[1], part[2], n)
		case n == 0:
			return part[1] + " less than a minute"
		}
		return fmt.Sprintf("%s %d min", part[1], n)
	})
}
