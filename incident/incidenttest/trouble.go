package incidenttest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// fault picks the fault of a call, the zero Fault for none.
func (s *Server) fault(name string) active {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.faults {
		if a.left == 0 || a.method != "" && a.method != name {
			continue
		}
		if a.strikes() {
			return active{a.Fault, true}
		}
	}
	return active{}
}

// active is the fault of one call, if it has one.
type active struct {
	Fault
	on bool
}

// commits says that what was asked is done although something goes wrong, or that nothing does.
func (f active) commits() bool {
	return !f.on || !f.stops() && (f.ResetAfter || f.Truncate || f.Gzip || f.Oversize > 0 || f.spares())
}

// stops says that the call never gets as far as the plugin.
func (f Fault) stops() bool { return f.Hang || f.ResetBefore || f.Redirect != "" || f.InBand != "" }

// before plays what goes wrong before anything is done.
func (s *Server) before(w http.ResponseWriter, r *http.Request, c request, f active) {
	switch {
	case f.Hang:
		select {
		case <-r.Context().Done():
		case <-s.closed:
		}
		panic(http.ErrAbortHandler) // no answer, not even an empty one
	case f.ResetBefore:
		reset(w)
	case f.Redirect != "":
		s.answered(c, http.StatusFound)
		w.Header().Set("Location", f.Redirect)
		w.WriteHeader(http.StatusFound)
	case f.InBand != "":
		s.answered(c, http.StatusOK)
		send(w, http.StatusOK, "application/json", encode(map[string]any{"error": f.InBand}))
	default:
		s.answered(c, f.status())
		f.refuse(w)
	}
}

// spares says that a fault only delays.
func (f Fault) spares() bool {
	return f.Delay > 0 && f.Status == 0 && f.Body == "" && !f.HTML && f.RetryAfter == 0
}

// status is what a fault answers with: 429 when only RetryAfter is given, 500 when nothing is.
func (f Fault) status() int {
	switch {
	case f.Status != 0:
		return f.Status
	case f.RetryAfter > 0:
		return http.StatusTooManyRequests
	}
	return http.StatusInternalServerError
}

// refuse answers with a status.
func (f Fault) refuse(w http.ResponseWriter) {
	status, body, kind := f.status(), f.Body, f.ContentType
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((f.RetryAfter+time.Second-1)/time.Second)))
	}
	switch {
	case f.HTML:
		body, kind = page(status), "text/html; charset=utf-8"
	case body == "":
		body = fmt.Sprintf(`{"message":%q}`, http.StatusText(status))
	}
	if kind == "" {
		kind = "application/json"
	}
	send(w, status, kind, []byte(body))
}

// page is what a proxy shows people.
func page(status int) string {
	title := strconv.Itoa(status) + " " + http.StatusText(status)
	return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
		"</h1></center>\r\n<hr><center>nginx</center>\r\n" + strings.Repeat("<!-- padding -->\r\n", 6) + "</body>\r\n</html>\r\n"
}

// after sends the answer to what was done, or breaks it.
func (s *Server) after(w http.ResponseWriter, c request, f active, status int, body []byte) {
	if f.ResetAfter {
		reset(w)
		return
	}
	s.answered(c, status)
	if short := f.Oversize - len(body); short > 0 {
		body = append(bytes.TrimSuffix(body, []byte("}")), bytes.Repeat([]byte(" "), short)...)
		body = append(body, '}')
	}
	switch {
	case f.Truncate:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler) // the server closes the connection and says nothing
	case f.Gzip:
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = z.Write(body)
		_ = z.Close()
		w.Header().Set("Content-Encoding", "gzip")
		send(w, status, "application/json", packed.Bytes())
	default:
		send(w, status, "application/json", body)
	}
}

func send(w http.ResponseWriter, status int, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// reset ends a connection with a TCP reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
