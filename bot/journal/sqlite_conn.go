package journal

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"modernc.org/sqlite"
)

// conn is a connection of SQLite, for one goroutine. It goes past database/sql: that may close a connection and open
// another whenever it likes, and here the connection is the lock on the file.
type conn struct {
	driver driver.Conn
	stmts  map[string]driver.Stmt
	args   []driver.NamedValue // used again for each statement
}

// The parts of a statement of the driver that are used.
type (
	execer  = driver.StmtExecContext
	queryer = driver.StmtQueryContext
)

// openConn opens a file, which need not exist.
func openConn(path string) (*conn, error) {
	c, err := new(sqlite.Driver).Open("file:" + path + "?_error_rc=1")
	if err != nil {
		return nil, err
	}
	return &conn{driver: c, stmts: map[string]driver.Stmt{}}, nil
}

// close closes the statements first: SQLite keeps the file otherwise.
func (c *conn) close() error {
	for _, s := range c.stmts {
		_ = s.Close()
	}
	return c.driver.Close()
}

// stmt prepares a statement once.
func (c *conn) stmt(text string) (driver.Stmt, error) {
	if s, ok := c.stmts[text]; ok {
		return s, nil
	}
	s, err := c.driver.Prepare(text)
	if err == nil {
		c.stmts[text] = s
	}
	return s, err
}

// bind puts arguments where the driver takes them.
func (c *conn) bind(args []any) []driver.NamedValue {
	c.args = c.args[:0]
	for i, a := range args {
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return c.args
}

// exec runs a statement. Its arguments are int64, string, []byte or nil.
func (c *conn) exec(text string, args ...any) error {
	s, err := c.stmt(text)
	if err != nil {
		return err
	}
	_, err = s.(execer).ExecContext(context.Background(), c.bind(args))
	return err
}

// query gives each row to take, which may not keep the slice.
func (c *conn) query(take func(row []driver.Value) error, text string, args ...any) (err error) {
	s, err := c.stmt(text)
	if err != nil {
		return err
	}
	rows, err := s.(queryer).QueryContext(context.Background(), c.bind(args))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	row := make([]driver.Value, len(rows.Columns()))
	for {
		if err := rows.Next(row); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := take(row); err != nil {
			return err
		}
	}
}

// number gives the one number that a query gives, 0 when it gives none.
func (c *conn) number(text string, args ...any) (n int64, err error) {
	err = c.query(func(row []driver.Value) error {
		n = intOf(row[0])
		return nil
	}, text, args...)
	return n, err
}

// word gives the one text that a query gives.
func (c *conn) word(text string) (word string, err error) {
	err = c.query(func(row []driver.Value) error {
		word = fmt.Sprint(row[0])
		return nil
	}, text)
	return word, err
}

// transact runs do in a transaction.
func (c *conn) transact(do func() error) error {
	err := c.exec("BEGIN IMMEDIATE")
	if err == nil {
		err = do()
	}
	if err == nil {
		err = c.exec("COMMIT")
	}
	if err != nil {
		c.rollback()
	}
	return err
}

// rollback ends a transaction that failed. SQLite may have ended it by itself, so an error says nothing.
func (c *conn) rollback() { _ = c.exec("ROLLBACK") }

func intOf(v driver.Value) int64 {
	n, _ := v.(int64)
	return n
}

func textOf(v driver.Value) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

func bytesOf(v driver.Value) []byte {
	switch v := v.(type) {
	case []byte:
		return v
	case string:
		return []byte(v)
	}
	return nil
}
