package demo

import (
	"strconv"
	"strings"
	"sync"
)

// vt is a terminal as far as the editor uses one: rows of cells, a cursor, a few sequences. A character of two columns
// fills its cell and leaves the next one empty. What scrolls off the top is kept in past.
type vt struct {
	mu            sync.Mutex
	columns, rows int
	cells         [][]string
	past          []string
	x, y          int
	pending       bool // the cursor hangs behind a full row
	rest          string
	strange       []string // sequences that it does not know
}

func newVT(columns, rows int) *vt {
	v := &vt{columns: columns, rows: rows}
	for range rows {
		v.cells = append(v.cells, blank(columns))
	}
	return v
}

func blank(columns int) []string {
	row := make([]string, columns)
	for i := range row {
		row[i] = " "
	}
	return row
}

// Write draws, also when a sequence or character arrives in parts.
func (v *vt) Write(p []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	text := v.rest + string(p)
	for text != "" {
		n := v.one(text)
		if n == 0 {
			break
		}
		text = text[n:]
	}
	v.rest = text
	return len(p), nil
}

func (v *vt) one(text string) int {
	switch {
	case text[0] == '\r':
		v.x, v.pending = 0, false
		return 1
	case text[0] == '\n':
		v.down()
		return 1
	case text[0] == escape:
		return v.sequence(text)
	}
	n, columns := cluster(text)
	if columns == 0 {
		return n
	}
	if v.pending || v.x+columns > v.columns {
		v.x, v.pending = 0, false
		v.down()
	}
	v.cells[v.y][v.x] = text[:n]
	if columns == 2 {
		v.cells[v.y][v.x+1] = ""
	}
	v.x += columns
	if v.x >= v.columns {
		v.x, v.pending = v.columns-1, true
	}
	return n
}

func (v *vt) down() {
	v.pending = false
	if v.y++; v.y < v.rows {
		return
	}
	v.y = v.rows - 1
	v.past = append(v.past, strings.TrimRight(strings.Join(v.cells[0], ""), " "))
	v.cells = append(v.cells[1:], blank(v.columns))
}

func (v *vt) sequence(text string) int {
	end := strings.IndexFunc(text[1:], func(r rune) bool { return r >= 0x40 && r != '[' })
	if end < 0 {
		return 0
	}
	end++
	number, _ := strconv.Atoi(strings.TrimPrefix(text[1:end], "["))
	switch text[end] {
	case 'A':
		v.y, v.pending = max(0, v.y-max(1, number)), false
	case 'H':
		v.x, v.y, v.pending = 0, 0, false
	case 'J':
		v.erase(number)
	case 'm':
	default:
		v.strange = append(v.strange, text[:end+1])
	}
	return end + 1
}

// erase clears from the cursor on, or with 2 everything.
func (v *vt) erase(what int) {
	from := v.y
	if what == 2 {
		from = 0
	} else {
		copy(v.cells[v.y][v.x:], blank(v.columns-v.x))
		from++
	}
	for y := from; y < v.rows; y++ {
		v.cells[y] = blank(v.columns)
	}
}

// text is what the screen shows, with ▮ where the cursor is, without the empty rows at its end.
func (v *vt) text() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var rows []string
	for y, cells := range v.cells {
		row := strings.Join(cells, "")
		if y == v.y {
			row = strings.Join(cells[:v.x], "") + "▮" + strings.Join(cells[v.x:], "")
		}
		rows = append(rows, strings.TrimRight(row, " "))
	}
	return strings.TrimRight(strings.Join(rows, "\n"), "\n")
}
