package journal

import (
	"errors"
	"fmt"
)

// schema lists the steps from an empty file to what this version writes. user_version counts those that were taken. A
// step is never changed once it was released; another is added.
//
// A delivery has no index beside its number: each would cost every Put something, and the only questions that are asked
// of the file begin at a number. Columns stand in the order in which they are of use to a scan, the body last.
func schema() []string {
	return []string{`
CREATE TABLE deliveries (
	id INTEGER PRIMARY KEY,
	state INTEGER NOT NULL,
	arrived INTEGER NOT NULL, -- when it was put; all times are milliseconds since 1970
	received INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	crashes INTEGER NOT NULL,
	due INTEGER NOT NULL,
	ended INTEGER NOT NULL,
	workspace TEXT NOT NULL,
	user TEXT NOT NULL,
	lane TEXT NOT NULL,
	key TEXT NOT NULL,
	names TEXT NOT NULL, -- JSON
	why TEXT NOT NULL,
	body BLOB
);
CREATE TABLE effects (
	delivery INTEGER NOT NULL,
	name TEXT NOT NULL,
	began INTEGER NOT NULL,
	memo BLOB,
	done INTEGER NOT NULL,
	result BLOB,
	PRIMARY KEY (delivery, name)
) WITHOUT ROWID;
CREATE TABLE kept (
	key TEXT PRIMARY KEY,
	value BLOB,
	until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE facts (
	name TEXT PRIMARY KEY, -- clean: 1 after an ordered end; low: no live delivery has a lower number; last: the last number
	value INTEGER NOT NULL
) WITHOUT ROWID;
`}
}

// Why a file is not touched. Neither goes by itself.
var (
	errNewer   = errors.New("a newer version of incident-bot wrote it")
	errForeign = errors.New("it is a database of something else")
)

// acquaint looks at whose file it is, without writing to it.
func acquaint(c *conn, path string) error {
	version, err := c.number("PRAGMA user_version")
	if err != nil {
		return err
	}
	if known := int64(len(schema())); version > known {
		return fmt.Errorf("%s: %w (schema %d, this one knows %d): start that version, or name another file", path, errNewer, version, known)
	}
	tables, err := c.number("SELECT count(*) FROM sqlite_master")
	if err == nil && version == 0 && tables > 0 {
		return fmt.Errorf("%s: %w: name another file", path, errForeign)
	}
	return err
}

// migrate takes the steps that are missing, each in a transaction of its own.
func migrate(c *conn) error {
	version, err := c.number("PRAGMA user_version")
	if err != nil {
		return err
	}
	for step, text := range schema() {
		if int64(step) < version {
			continue
		}
		err := c.transact(func() error {
			return errors.Join(c.exec(text), c.exec(fmt.Sprint("PRAGMA user_version = ", step+1)))
		})
		if err != nil {
			return fmt.Errorf("migrate to schema %d: %w", step+1, err)
		}
	}
	return nil
}
