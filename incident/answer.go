package incident

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxBody bounds a body after decompression, of errors and successes alike. gcx has the same bound; a page of 100
// previews is about a third of it.
const maxBody = 1 << 20

var (
	errTruncated = errors.New("the answer ends in the middle")
	errTooLarge  = errors.New("the answer is larger than 1 MiB")
	errEncoding  = errors.New("the answer is in an encoding that was not asked for")
)

// readBody reads a bounded body, unzipped. incident-go asks for gzip itself, so net/http leaves that to us. What was
// read comes back with the error too: a status and half a sentence are worth reporting.
func readBody(resp *http.Response) ([]byte, error) {
	var from io.Reader = resp.Body
	switch encoding := strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding"))); encoding {
	case "", "identity":
	case "gzip", "x-gzip":
		unzip, err := gzip.NewReader(resp.Body)
		if err == io.EOF && resp.ContentLength == 0 {
			return nil, nil
		}
		if err != nil {
			return nil, zipError(err)
		}
		from = unzip
	default:
		return nil, errEncoding
	}
	var body bytes.Buffer
	if n := resp.ContentLength; n > 0 && n <= maxBody {
		body.Grow(int(n) + bytes.MinRead)
	}
	n, err := body.ReadFrom(io.LimitReader(from, maxBody+1))
	if err != nil {
		return body.Bytes(), zipError(err)
	}
	if n > maxBody {
		return body.Bytes()[:maxBody], errTooLarge
	}
	return body.Bytes(), nil
}

// zipError tells a body that is no gzip from one that ended early.
func zipError(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return errEncoding
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errTruncated
	}
	return err
}

// looksSound is the way through for nearly every answer: a whole JSON object in which no "error" says anything.
func looksSound(body []byte) bool {
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	return len(trimmed) > 0 && trimmed[0] == '{' && !inBand(body) && json.Valid(body)
}

// truncated says whether a body is the beginning of a JSON object.
func truncated(body []byte) bool {
	body = bytes.TrimLeft(body, " \t\r\n")
	if len(body) == 0 || body[0] != '{' {
		return false
	}
	var any json.RawMessage
	err := json.NewDecoder(bytes.NewReader(body)).Decode(&any)
	return errors.Is(err, io.ErrUnexpectedEOF)
}

// redirectTo names where a redirect leads by scheme and host: its path may hold secrets.
func redirectTo(header http.Header) string {
	u, err := url.Parse(header.Get("Location"))
	if err != nil || u.Host == "" {
		return "a redirect"
	}
	return plain("a redirect to " + u.Scheme + "://" + u.Host)
}
